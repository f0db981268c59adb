/// Numpy's archive of named arrays: a zip file of NPY files.
public struct NPZ: Sendable {
  /// Arrays of at most so many bytes may be packed as well as they can be.
  private static let smallSize = 1 << 26

  private let archive: ZipArchive
  private let members: [Name: ZipArchive.Member]
  /// The names of the arrays, without `.npy`, in the order of the archive.
  public let names: [String]

  /// The names of the members that are no arrays.
  public let otherMembers: [String]
  /// The archive's path, for messages.
  public var path: String { archive.path }

  /// Maps an archive and reads its directory, but no array.
  ///
  /// - Throws: `FileError` for a damaged archive, or a file that is recognised as something else.
  public static func open(_ path: String) throws(FileError) -> NPZ {
    try FileKind.requireArchive(ByteRegion(mapping: path), path: path)
    return NPZ(try ZipArchive(path))
  }

  /// The arrays of an archive that is open already; members that are not NPY files are left out.
  public init(_ archive: ZipArchive) {
    self.archive = archive
    let arrays = archive.members.filter { $0.name.hasSuffix(".npy") }
    otherMembers = archive.members.map(\.name).filter { !$0.hasSuffix(".npy") && !$0.hasSuffix("/") }
    names = arrays.map { String($0.name.dropLast(4)) }
    members = Dictionary(zip(names.map { Name($0) }, arrays)) { first, _ in first }
  }

  /// Reads one array: in place if it is stored, unpacked into memory if it is compressed.
  ///
  /// Costs a pass over its bytes for the checksum; nothing is kept, so ask once.
  ///
  /// - Throws: `FileError` naming the array, and those that there are if it is missing; for one that would unpack
  ///   to more than 64 MiB and 250 times its size.
  public func array(named name: String) throws(FileError) -> NDArray {
    guard let member = members[Name(name)] else {
      let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
      throw FileError(
        archive.path, at: .key(name),
        names.isEmpty
          ? "is missing; the archive has no arrays" : "is missing; the archive has the arrays \(shown)")
    }
    try requireHonest(member, named: name)
    return try NPY.read(archive.contents(of: member), path: archive.path, place: .key(name))
  }

  /// Throws for an array that takes memory out of proportion to the archive: nothing but a bomb, or a text array
  /// with one very long text, packs so well.
  private func requireHonest(_ member: ZipArchive.Member, named name: String) throws(FileError) {
    let ratio = member.size / max(1, member.data.count)
    guard member.size > Self.smallSize, ratio > ZipExtraction.largestRatio else { return }
    throw FileError(
      archive.path, at: .key(name),
      "unpacks to \(member.size) bytes, \(ratio) times its size; at most \(ZipExtraction.largestRatio) is "
        + "believed: save the array uncompressed")
  }

  /// Writes an archive; the same arrays give the same bytes, whenever and wherever.
  ///
  /// A compressed array is packed in memory, so that takes its packed size on top.
  ///
  /// - Throws: `FileError` for a repeated name or if the file can't be written; an older one then stays.
  public static func write(
    _ arrays: [(name: String, array: NDArray)], to path: String, compressed: Bool
  ) throws(FileError) {
    if let name = NameIndex.repeated(in: arrays.map(\.name)) {
      throw FileError(path, at: .key(name), "two arrays have this name")
    }
    try AtomicFile.write(to: path) { sink throws(FileError) in
      var writer = ZipWriter(sink, path: path)
      for (name, array) in arrays {
        try writer.add("\(name).npy", NPY.pieces(of: array), isCompressed: compressed)
      }
      try writer.finish()
    }
  }
}
