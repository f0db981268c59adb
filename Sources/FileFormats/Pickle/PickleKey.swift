/// What makes two dictionary keys the same in Python.
///
/// Text is compared by its bytes, since Swift's strings hold canonically equivalent texts to be equal and
/// Python's don't.
enum PickleKey: Hashable {
  case none
  case integer(Int)
  case float(Double)
  case text([UInt8])
  /// Any other value is the same as itself only.
  case node(Int)

  /// The identity of a node as a key.
  static func of(_ node: Int, in storage: PickleStorage) -> PickleKey {
    switch storage.arena.nodes[node] {
    case .none: return .none
    case .text(let range), .byteString(let range): return .text(storage.region[range].array)
    default: return number(node, in: storage) ?? .node(node)
    }
  }

  /// The identity of a number, where `1`, `1.0`, `True` and numpy's 1 are the same; nil for any other value.
  static func number(_ node: Int, in storage: PickleStorage) -> PickleKey? {
    switch storage.arena.nodes[node] {
    case .integer(let value): return .integer(value)
    case .boolean(let value): return .integer(value ? 1 : 0)
    case .float(let value): return Int(exactly: value).map(PickleKey.integer) ?? .float(value)
    case .array(let index) where storage.arena.arrays[index].isScalar:
      switch NumpyScalar(storage.arena.arrays[index], in: storage) {
      case .integer(let value): return .integer(value)
      case .float(let value): return Int(exactly: value).map(PickleKey.integer) ?? .float(value)
      case .boolean(let value): return .integer(value ? 1 : 0)
      case .large, .text, nil: return nil
      }
    default: return nil
    }
  }
}
