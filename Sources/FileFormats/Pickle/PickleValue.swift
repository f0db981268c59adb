/// One value of a pickle, with the way that leads to it.
///
/// Cheap to copy: a reference to the document and an index. Every error names the file and the value's key
/// path, such as `easy/3/all_strong/model`.
public struct PickleValue: Sendable {
  /// How a value is reached from the one that holds it.
  enum Step: Sendable {
    case root
    /// Under a dictionary key, itself a node.
    case key(Int)
    case index(Int)
  }

  let storage: PickleStorage
  let nodeIndex: Int
  private let parentPath: String
  private let step: Step

  init(storage: PickleStorage, node: Int, parentPath: String, step: Step) {
    self.storage = storage
    nodeIndex = node
    self.parentPath = parentPath
    self.step = step
  }

  var node: PickleNode { storage.arena.nodes[nodeIndex] }

  /// The keys and indices from the root to here, joined by `/`; empty for the root, clipped when very long.
  public var keyPath: String {
    let last: String
    switch step {
    case .root: return ""
    case .key(let key): last = keyText(key)
    case .index(let index): last = String(index)
    }
    if parentPath.isEmpty { return last }
    let kept = parentPath.utf8.count < 400 ? parentPath : "…"
    return "\(kept)/\(last)"
  }

  /// What the value is, for messages, such as "a dictionary" or "an array of shape (3, 4) and type f8".
  public var kind: String {
    switch node {
    case .none: return "None"
    case .boolean: return "a boolean"
    case .integer: return "an integer"
    case .float: return "a float"
    case .text, .byteString: return "a string"
    case .bytes, .latin1: return "bytes"
    case .list: return "a list"
    case .tuple: return "a tuple"
    case .set: return "a set"
    case .dictionary: return "a dictionary"
    case .global: return "a Python function or class"
    case .elementType, .objectType: return "a numpy dtype"
    case .array(let index):
      let array = storage.arena.arrays[index]
      let code = array.elementType?.code ?? "O"
      return array.isScalar
        ? "a numpy scalar of type \(code)" : "an array of shape \(NDArray.text(array.shape)) and type \(code)"
    }
  }

  /// Whether the value is Python's `None`.
  public var isNone: Bool {
    if case .none = node { return true }
    return false
  }

  /// The value itself, or nil for `None`.
  public var optional: PickleValue? { isNone ? nil : self }

  /// An error about this value.
  public func error(_ reason: String) -> FileError {
    let keyPath = keyPath
    return FileError(storage.path, at: keyPath.isEmpty ? .file : .key(keyPath), reason)
  }

  func mismatch(_ expected: String) -> FileError { error("expected \(expected), found \(kind)") }

  /// A value that this one holds.
  func child(_ node: Int, in keyPath: String, _ step: Step) -> PickleValue {
    PickleValue(storage: storage, node: node, parentPath: keyPath, step: step)
  }

  /// A dictionary key as an error shows it.
  func keyText(_ key: Int) -> String {
    switch storage.arena.nodes[key] {
    case .text(let range), .byteString(let range): return storage.excerpt(range)
    case .integer(let value): return String(value)
    case .float(let value): return String(value)
    default: return "<\(child(key, in: "", .root).kind)>"
    }
  }
}
