import NumericKernels
import RoutingData

/// Which LLMs are kept from the model together, fold by fold.
struct LLMFolds {
  /// At most so many folds of families or single LLMs: each is a training.
  private static let most = 10

  /// One fold.
  struct Fold {
    /// The columns that are placed, ascending.
    let heldOut: [Int]
    /// The columns that the model learns from, ascending: neither held out nor a near copy of one that is.
    let known: [Int]
    /// A name for tables.
    let name: String

    /// The same with so many of the held-out LLMs at most, by lot.
    func sampled(_ most: Int, seed: UInt64) -> Fold {
      guard heldOut.count > most else { return self }
      var order = heldOut
      var generator = SeededGenerator(seed: seed, stream: "cold-start-sample")
      generator.shuffle(&order)
      return Fold(heldOut: order.prefix(max(most, 1)).sorted(), known: known, name: name)
    }
  }

  /// The folds, each with something known.
  let folds: [Fold]

  /// Folds of whole groups.
  init(of groups: LLMGroups, among columns: [Int], seed: UInt64, most: Int = Self.most) {
    let dealt = GroupFolds.dealt(columns.map { groups.groups[$0] }, most: most, seed: seed)
    folds = (0...(dealt.max() ?? 0)).compactMap { fold in
      let heldOut = zip(columns, dealt).filter { $0.1 == fold }.map { $0.0 }
      var names: [String] = []
      for column in heldOut where !names.contains(groups.names[groups.groups[column]]) {
        names.append(groups.names[groups.groups[column]])
      }
      return Self.fold(
        heldOut, among: columns, copies: groups.copies,
        name: names.prefix(3).joined(separator: "+") + (names.count > 3 ? "+…" : ""))
    }
  }

  /// One fold: the quarter of the LLMs of highest accuracy.
  init(frontierOf accuracies: [Double], among columns: [Int]) {
    let order = columns.sorted { (accuracies[$1], $0) < (accuracies[$0], $1) }
    let heldOut = Array(order.prefix(max(order.count / 4, 1)))
    // Copies below the quarter stay: what is asked is how far the model reaches beyond the best that it knows.
    folds = [Self.fold(heldOut, among: columns, copies: [], name: "frontier")].compactMap { $0 }
  }

  private static func fold(
    _ heldOut: [Int], among columns: [Int], copies: [[Int]], name: String
  ) -> Fold? {
    let taken = Set(heldOut)
    let related = copies.isEmpty ? taken : taken.union(heldOut.flatMap { copies[$0] })
    let known = columns.filter { !related.contains($0) }
    return heldOut.isEmpty || known.count < 2
      ? nil : Fold(heldOut: heldOut.sorted(), known: known, name: name)
  }
}
