/// A Python pickle opened for reading: a mapped file and an index of the values in it.
///
/// Reads what plain data and numpy arrays need, of protocols 2 to 5 and numpy 1 and 2, and executes nothing:
/// a pickle that names any other class or function is refused, with the name and its byte offset. Strings and
/// the elements of arrays stay in the mapped file until they are asked for.
public struct PickleDocument: Sendable {
  private let storage: PickleStorage
  private let rootNode: Int

  /// The file's path, for error messages.
  public var path: String { storage.path }

  /// The file's size in bytes.
  public var byteCount: Int { storage.region.count }

  /// The pickled value.
  public var root: PickleValue { PickleValue(storage: storage, node: rootNode, parentPath: "", step: .root) }

  /// Maps a pickle file and indexes its values.
  ///
  /// - Throws: `FileError` if the file can't be mapped, is cut short, or holds anything but plain data and
  ///   numpy arrays.
  /// - Complexity: linear in the number of instructions; array elements and text are skipped.
  public init(path: String) throws(FileError) {
    try self.init(region: ByteRegion(mapping: path), path: path)
  }

  /// Indexes a pickle in memory; `path` names it in errors.
  ///
  /// - Throws: `FileError` as for a file.
  public init(region: ByteRegion, path: String) throws(FileError) {
    let (root, arena) = try region.withUnsafeBytes { (bytes) throws(FileError) in
      var machine = PickleMachine(bytes, path: path)
      return (try machine.run(), machine.arena)
    }
    storage = PickleStorage(region: region, path: path, arena: arena)
    rootNode = root
  }
}

/// The mapped file and the values found in it, shared by all values of a document.
final class PickleStorage: Sendable {
  let region: ByteRegion
  let path: String
  let arena: PickleArena

  init(region: ByteRegion, path: String, arena: PickleArena) {
    self.region = region
    self.path = path
    self.arena = arena
  }

  /// The UTF-8 text at a place in the file, or nil where it is not valid.
  func text(_ range: Range<Int>) -> String? {
    region[range].withUnsafeBytes { String(validating: $0, as: UTF8.self) }
  }

  /// Text at a place in the file for an error message.
  func excerpt(_ range: Range<Int>) -> String { region[range].withUnsafeBytes { FileError.excerpt($0) } }

  /// Whether a place in the file holds exactly these bytes.
  func holds(_ bytes: String.UTF8View, at range: Range<Int>) -> Bool {
    range.count == bytes.count && region[range].withUnsafeBytes { $0.elementsEqual(bytes) }
  }
}

/// Shows the path alone, so that a debugger or a failing test doesn't print millions of values.
extension PickleStorage: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: ["path": path]) }
}
