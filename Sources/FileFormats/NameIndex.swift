/// Numbers names in the order of their first appearance: the one way to look a name up.
///
/// Names are the same where their bytes are, see `Name`.
public struct NameIndex: Equatable, Sendable {
  /// The names, each once.
  public private(set) var names: [String] = []
  private var numbers: [Name: Int] = [:]

  /// No names yet.
  public init() {}

  /// The numbers of some names; a repeated name keeps the number of its first appearance.
  public init(_ names: some Sequence<String>) {
    numbers.reserveCapacity(names.underestimatedCount)
    for name in names { _ = number(of: name) }
  }

  /// The number of names.
  public var count: Int { names.count }

  /// The number of a name, or nil for one that is not there.
  public subscript(name: String) -> Int? { numbers[Name(name)] }

  /// Whether a name is there.
  public func contains(_ name: String) -> Bool { self[name] != nil }

  /// The number of a name, a new one if it is new.
  public mutating func number(of name: String) -> Int {
    if let number = numbers[Name(name)] { return number }
    numbers[Name(name)] = names.count
    names.append(name)
    return names.count - 1
  }

  /// Adds a name; false for one that is there already.
  public mutating func insert(_ name: String) -> Bool {
    let count = count
    return number(of: name) == count
  }

  /// The first name of a list that stands in it before, or nil where all differ.
  public static func repeated(in names: some Sequence<String>) -> String? {
    var seen = NameIndex()
    return names.first { !seen.insert($0) }
  }

  /// Whether both have the same names with the same numbers.
  public static func == (first: NameIndex, second: NameIndex) -> Bool { first.numbers == second.numbers }
}

extension Sequence<String> {
  /// The texts in the order of their bytes, which for ASCII is the order of `sorted()`.
  public func sortedAsNames() -> [String] { sorted { Name($0) < Name($1) } }

  /// Whether one of the texts has the same bytes.
  public func containsName(_ name: String) -> Bool { contains { Name($0) == Name(name) } }
}
