import Foundation

/// Makes the folders that outputs go into.
public enum FolderCreation {
  /// Makes a folder; one that is there is left alone.
  ///
  /// - Parameter withParents: whether missing folders around it are made too. Not inside a staging folder: an
  ///   interrupted run removes that, and it must not come back as the parent of another.
  /// - Returns: the folders that were made, the outermost first.
  /// - Throws: `FileError`, naming the folder, if it can't be made.
  @discardableResult
  public static func make(_ path: String, withParents: Bool = true) throws(FileError) -> [String] {
    if mkdir(path, 0o777) == 0 { return [path] }
    var failure = errno
    var status = stat()
    if failure == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return [] }
    if failure == ENOENT, withParents, let parent = parent(of: path) {
      let made = try make(parent)
      if mkdir(path, 0o777) == 0 { return made + [path] }
      if errno == EEXIST { return made }
      failure = errno
    }
    let reason =
      [EEXIST, ENOTDIR].contains(failure)
      ? "something that is not a folder is in the way" : ByteRegion.message(of: failure)
    throw FileError(path, "can't be made: \(reason)")
  }

  /// Makes the missing folders around an output.
  ///
  /// - Returns: the folders that were made, the innermost first.
  /// - Throws: `FileError`, naming the folder, if one can't be made.
  static func makeParent(of path: String) throws(FileError) -> [String] {
    guard let parent = parent(of: path) else { return [] }
    var status = stat()
    // What is there and no folder is told by who looks at the output.
    if stat(parent, &status) == 0 { return [] }
    return try make(parent).reversed()
  }

  /// The path of the folder around a path; nil for a name alone, whose folder is always there.
  private static func parent(of path: String) -> String? {
    var bytes = Array(path.utf8)
    func drop(while isDropped: (UInt8) -> Bool) {
      while let last = bytes.last, isDropped(last) { bytes.removeLast() }
    }
    let slash = UInt8(ascii: "/")
    drop { $0 == slash }
    drop { $0 != slash }
    drop { $0 == slash }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
