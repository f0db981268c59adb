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

  /// A path beside the output that no other output of this process uses, hidden from plain listings.
  func temporaryPath() -> String {
    let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    // Names are limited to 255 bytes; a character takes at most a few.
    let stem = name.utf8.count <= 200 ? name : String(decoding: name.utf8.prefix(100), as: UTF8.self)
    return inFolder(".\(stem).tmp-\(getpid())-\(number)")
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
