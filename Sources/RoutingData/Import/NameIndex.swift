/// Numbers names in the order of their first appearance.
struct NameIndex {
  /// The names, each once.
  private(set) var names: [String] = []
  private var positions: [String: Int] = [:]

  /// The number of a name, a new one if it is new.
  mutating func index(of name: String) -> Int {
    if let position = positions[name] { return position }
    positions[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// The number of a name, or nil for one that is new.
  func known(_ name: String) -> Int? { positions[name] }
}
