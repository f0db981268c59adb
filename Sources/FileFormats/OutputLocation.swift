import Foundation
import Synchronization

/// Where an output will stand: its name in a folder, with a symbolic link at its path followed.
struct OutputLocation {
  /// The path as the caller gave it, for messages.
  let given: String
  /// The folder that will hold the output.
  let folder: String
  /// The output's name in that folder.
  let name: String
  /// The type and permission bits of what stands there now, or nil if nothing does.
  let mode: mode_t?

  private static let counter = Atomic<Int>(0)

  /// Examines a path.
  ///
  /// - Throws: `FileError` if it can't hold an output: no name, no folder around it, a broken link.
  init(_ given: String) throws(FileError) {
    var status = stat()
    var path = given
    if lstat(given, &status) == 0 {
      guard let resolved = realpath(given, nil) else {
        throw FileError(
          given, "can't be written: the symbolic link can't be followed: \(ByteRegion.lastError())")
      }
      path = String(cString: resolved)
      free(resolved)
      guard stat(path, &status) == 0 else {
        throw FileError(given, "can't be examined: \(ByteRegion.lastError())")
      }
      mode = status.st_mode
    } else {
      guard errno == ENOENT else { throw FileError(given, "can't be written: \(ByteRegion.lastError())") }
      mode = nil
    }
    let end = path.lastIndex { $0 != "/" }.map { path.index(after: $0) } ?? path.startIndex
    let trimmed = path[..<end]
    let slash = trimmed.lastIndex(of: "/")
    name = String(trimmed[(slash.map(trimmed.index(after:)) ?? trimmed.startIndex)...])
    folder = slash.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
    guard !name.isEmpty, name != ".", name != ".." else {
      throw FileError(given, "can't be written: the path ends without a name")
    }
    var parent = stat()
    guard stat(folder, &parent) == 0, parent.st_mode & S_IFMT == S_IFDIR else {
      throw FileError(given, "can't be written: there is no folder \(folder)")
    }
    self.given = given
  }

  /// The resolved path of the output.
  var path: String { inFolder(name) }

  /// The bits of `mode` that tell files from folders, or nil if nothing stands there.
  var kind: mode_t? { mode.map { $0 & S_IFMT } }

  /// Throws for an output inside an input or around one; what can't be found is left to its reader.
  func requireApart(from inputs: [String]) throws(FileError) {
    guard let around = Self.resolved(folder) else { return }
    let here = Array((around == "/" ? "/\(name)" : "\(around)/\(name)").utf8)
    for input in inputs {
      guard let there = Self.resolved(input).map({ Array($0.utf8) }) else { continue }
      let slash = [UInt8(ascii: "/")]
      if here.starts(with: there + slash) {
        throw FileError(given, "can't be written inside the input \(input): choose another place")
      }
      if there.starts(with: here + slash) {
        throw FileError(given, "can't be written: the input \(input) lies in it; choose another place")
      }
    }
  }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// A path beside the output that no other output of this process uses, hidden from plain listings.
  func temporaryPath() -> String {
    let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    return inFolder(".\(stem).tmp-\(getpid())-\(number)")
  }

  /// Whether an entry of the folder is a temporary of this output, of whatever process.
  func isTemporary(_ entry: String) -> Bool {
    let start = ".\(stem).tmp-"
    // By bytes: names that only look alike belong to other outputs.
    guard entry.utf8.starts(with: start.utf8) else { return false }
    let number = String(decoding: entry.utf8.dropFirst(start.utf8.count), as: UTF8.self)
    return number.wholeMatch(of: /[0-9]+-[0-9]+(-old)?/) != nil
  }

  /// The path of the file that `FileLock` locks for this output.
  var lockPath: String { inFolder(".\(stem).lock") }

  /// The name, or for one too long to have something added to it, its start and a digest of all of it.
  private var stem: String {
    // Names are limited to 255 bytes; a character takes at most a few.
    guard name.utf8.count > 200 else { return name }
    // FNV-1a: two outputs must not share temporaries, and nobody gains by making them.
    let digest = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return String(decoding: name.utf8.prefix(100), as: UTF8.self) + "~" + String(digest, radix: 16)
  }

  /// Waits until the folder's own entries are on the disk, where its file system can do that.
  func syncFolder() throws(FileError) { try Self.sync(folder, for: given) }

  /// Waits until a file's contents or a folder's entries are on the disk.
  static func sync(_ path: String, for output: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(output, "can't be synced: \(ByteRegion.lastError())") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw FileError(output, "can't be synced: \(ByteRegion.lastError())")
    }
  }

  func inFolder(_ name: String) -> String { folder == "/" ? "/\(name)" : "\(folder)/\(name)" }
}
