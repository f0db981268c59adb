import Foundation

/// Unpacks a zip archive that may be hostile into a folder.
public enum ZipExtraction {
  /// How many times its packed size a large member may unpack to; deflate itself allows 1,032.
  static let largestRatio = 250
  /// Smaller members may have any ratio.
  static let smallSize = 1 << 24

  /// Unpacks some files of an archive, each of which then stands there whole or not at all.
  ///
  /// The whole archive is refused for a single name that leads out of the folder, a symbolic link or another
  /// special file among any of its members. A file that is there with the same contents is left alone.
  ///
  /// - Parameters:
  ///   - members: the names of the files to unpack; nil takes all.
  ///   - folder: where they go, with the folders that their names have.
  /// - Returns: the paths of the files, in the order of `members` or of the archive.
  /// - Throws: `FileError` naming the archive and the member for what is missing, damaged or not allowed, or the
  ///   file that can't be written.
  /// - Complexity: one pass over the members; a chunk of 1 MiB is in memory at a time.
  public static func extract(_ path: String, members: [String]? = nil, into folder: String) throws(FileError)
    -> [String]
  {
    let archive = try openChecked(path)
    let wanted = try self.members(members, of: archive)
    try checkSpace(for: checkSizes(wanted, of: path), of: path, in: folder)
    var paths: [String] = []
    for member in wanted {
      let target = "\(folder)/\(member.name)"
      paths.append(target)
      if isThere(member, at: target) { continue }
      try FolderCreation.make((target as NSString).deletingLastPathComponent)
      try AtomicFile.write(to: target) { sink throws(FileError) in try archive.write(member, to: sink) }
    }
    return paths
  }

  /// Throws `FileError` for a file that is no zip archive, or one that `extract` would refuse, as it does, but for
  /// the space that is needed.
  ///
  /// - Complexity: one pass over the members, which are unpacked and thrown away.
  public static func check(_ path: String, members: [String]? = nil) throws(FileError) {
    let archive = try openChecked(path)
    let wanted = try self.members(members, of: archive)
    _ = try checkSizes(wanted, of: path)
    let sink = FileSink(descriptor: open("/dev/null", O_WRONLY | O_CLOEXEC), path: "/dev/null")
    defer { sink.close() }
    for member in wanted { try archive.write(member, to: sink) }
  }

  /// The members of these names, or all files.
  private static func members(_ names: [String]?, of archive: ZipArchive) throws(FileError)
    -> [ZipArchive.Member]
  {
    var wanted: [ZipArchive.Member] = []
    for name in names ?? archive.members.map(\.name).filter({ !$0.hasSuffix("/") }) {
      guard let member = archive.members.first(where: { Name($0.name) == Name(name) }), !name.hasSuffix("/")
      else {
        throw FileError(
          archive.path, at: .key(FileError.excerpt(name, limit: 120)), "the archive has no such file")
      }
      wanted.append(member)
    }
    return wanted
  }

  private static func openChecked(_ path: String) throws(FileError) -> ZipArchive {
    let archive = try ZipArchive(path)
    for member in archive.members { try check(member, of: path) }
    return archive
  }

  /// Throws for a member that could write elsewhere than below the folder.
  private static func check(_ member: ZipArchive.Member, of path: String) throws(FileError) {
    let place = FileError.Place.key(FileError.excerpt(member.name, limit: 120))
    let name = member.name.hasSuffix("/") ? member.name.dropLast() : member.name[...]
    if name.hasPrefix("/") || name.dropFirst().first == ":" {
      throw FileError(path, at: place, "the member's name is an absolute path")
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if parts.contains("..") {
      throw FileError(path, at: place, "the member's name leads out of the folder it is unpacked into")
    }
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty && part != "." && part.utf8.count <= 255
        && part.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{7F}" && $0 != "\\" }
    }
    guard isPlain else { throw FileError(path, at: place, "the member's name can't be that of a file here") }
    switch member.fileType {
    case 0, UInt32(S_IFREG), UInt32(S_IFDIR): break
    case UInt32(S_IFLNK): throw FileError(path, at: place, "the member is a symbolic link")
    default: throw FileError(path, at: place, "the member is not a regular file")
    }
  }

  /// The sum of the members' sizes; throws for sizes that no honest archive has.
  private static func checkSizes(_ members: [ZipArchive.Member], of path: String) throws(FileError) -> Int {
    var total = 0
    for member in members {
      let place = FileError.Place.key(FileError.excerpt(member.name, limit: 120))
      let ratio = member.size / max(1, member.data.count)
      if member.size > smallSize, ratio > largestRatio {
        throw FileError(
          path, at: place,
          "unpacks to \(member.size) bytes, \(ratio) times its size; at most \(largestRatio) is believed")
      }
      let (sum, isTooLarge) = total.addingReportingOverflow(member.size)
      guard !isTooLarge else { throw FileError(path, at: place, "the unpacked sizes add up to no number") }
      total = sum
    }
    return total
  }

  /// Throws for a size that the disk can't take.
  private static func checkSpace(for total: Int, of path: String, in folder: String) throws(FileError) {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else {
      throw FileError(folder, "can't be examined: \(ByteRegion.lastError())")
    }
    let free = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    if !free.overflow, UInt64(total) > free.partialValue {
      throw FileError(path, "unpacks to \(total) bytes, the disk has \(free.partialValue)")
    }
  }

  private static func isThere(_ member: ZipArchive.Member, at path: String) -> Bool {
    guard let region = try? ByteRegion(mapping: path), region.count == member.size else { return false }
    return Deflate.checksum(region) == member.checksum
  }
}
