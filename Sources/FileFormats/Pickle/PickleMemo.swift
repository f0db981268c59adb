/// The values that a pickle refers back to, by number.
///
/// Writers number from 0 or 1 upward, which an array holds; any other number goes to a dictionary, so that a
/// single reference to number four billion costs a single entry.
struct PickleMemo {
  private static let unused = -1

  private var dense: [Int] = []
  private var sparse: [Int: Int] = [:]

  /// How many numbers are in use: the number that MEMOIZE takes next.
  private(set) var count = 0

  /// The node stored under a number, or nil.
  func node(at number: Int) -> Int? {
    guard number < dense.count else { return sparse[number] }
    return dense[number] == Self.unused ? nil : dense[number]
  }

  /// Stores a node under a number, in place of an earlier one.
  mutating func store(_ node: Int, at number: Int) {
    if self.node(at: number) == nil { count += 1 }
    if number <= dense.count + 1, sparse.isEmpty {
      while dense.count <= number { dense.append(Self.unused) }
      dense[number] = node
    } else if number < dense.count {
      dense[number] = node
    } else {
      sparse[number] = node
    }
  }
}
