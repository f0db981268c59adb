import FileFormats
import NumericKernels

/// Deals whole groups out to folds, so that no group is in two.
public enum GroupFolds {
  /// The fold of each item, at most `most` folds: groups go, the largest first, each to the smallest fold so far.
  ///
  /// The seed decides between groups of one size. Folds without an item do not occur.
  public static func dealt(_ groups: [Int], most: Int, seed: UInt64) -> [Int] {
    let members = Dictionary(grouping: groups.indices) { groups[$0] }
    var order = members.keys.sorted()
    var generator = SeededGenerator(seed: seed, stream: "group-folds")
    generator.shuffle(&order)
    let sized = order.enumerated().map { (place: $0, members: members[$1] ?? []) }
      .sorted { ($1.members.count, $0.place) < ($0.members.count, $1.place) }
    var counts = [Int](repeating: 0, count: max(min(most, order.count), 1))
    var folds = [Int](repeating: 0, count: groups.count)
    for (_, items) in sized {
      let fold = counts.indices.min { (counts[$0], $0) < (counts[$1], $1) } ?? 0
      counts[fold] += items.count
      for item in items { folds[item] = fold }
    }
    return folds
  }
}

extension LLMCatalog {
  /// The family of some LLMs as numbers in the order of the families' names, see `LLMMetadata`; an LLM without a family
  /// stands alone.
  public func families(of llms: [Int]) -> (numbers: [Int], names: [String]) {
    let own = llms.map { LLMMetadata(of: $0, in: self).family ?? names[$0] }
    // In the order of names, so that the order of the LLMs changes nothing.
    let index = NameIndex(own.sortedAsNames())
    return (own.map { index[$0] ?? 0 }, index.names)
  }
}
