import NumericKernels

/// The part of an experiment that a query belongs to.
public enum SplitPart: UInt8, CaseIterable, Sendable {
  /// Models and policies learn from it.
  case train = 0
  /// Hyper-parameters are chosen on it.
  case validation = 1
  /// Results are measured on it, once.
  case test = 2

  /// The name used in files and messages.
  public var name: String {
    switch self {
    case .train: return "train"
    case .validation: return "validation"
    case .test: return "test"
    }
  }
}

/// Where a split comes from.
public enum SplitOrigin: Equatable, Sendable {
  /// It came with the data.
  case published
  /// It was drawn here, by `Split.stratified`, from this seed.
  case seeded(UInt64)
}

/// Which part each query of a benchmark belongs to.
///
/// A split belongs to the dataset, not to a run, so that training and evaluation can't disagree.
public struct Split: Equatable, Sendable {
  /// The part of each query.
  public let parts: [SplitPart]
  /// Where the split comes from.
  public let origin: SplitOrigin

  /// A split that is known already.
  public init(parts: [SplitPart], origin: SplitOrigin = .published) {
    self.parts = parts
    self.origin = origin
  }

  /// The queries of a part, ascending.
  public func queries(in part: SplitPart) -> [Int] { parts.indices.filter { parts[$0] == part } }

  /// A random split of 80/10/10 inside each sub-scenario, as RouterEval's.
  ///
  /// Of n queries ⌊0.8·n⌋ train, half of the rest (rounded down) validate, the others test.
  /// `subscenarios` gives each query's sub-scenario; the benchmark's name keeps streams apart.
  public static func stratified(subscenarios: [Int], benchmark: String, seed: UInt64) -> Split {
    var parts = [SplitPart](repeating: .train, count: subscenarios.count)
    let members = Dictionary(grouping: subscenarios.indices) { subscenarios[$0] }
    for (subscenario, queries) in members {
      var order = queries
      var generator = SeededGenerator(seed: seed, stream: "split/\(benchmark)", subscenario)
      generator.shuffle(&order)
      let train = order.count * 8 / 10
      let validation = (order.count - train) / 2
      for query in order[train..<train + validation] { parts[query] = .validation }
      for query in order[(train + validation)...] { parts[query] = .test }
    }
    return Split(parts: parts, origin: .seeded(seed))
  }

  /// This split with parts drawn for queries that follow, so that each sub-scenario comes as near to 80/10/10 as it can while
  /// the known queries keep theirs.
  ///
  /// `subscenarios` gives the sub-scenario of each query, known ones first. The seed is the split's own, or the given one for
  /// a split that came with the data.
  func grown(to subscenarios: [Int], benchmark: String, seed: UInt64) -> Split {
    var own = seed
    if case .seeded(let known) = origin { own = known }
    var drawn = parts + [SplitPart](repeating: .train, count: subscenarios.count - parts.count)
    let members = Dictionary(grouping: subscenarios.indices) { subscenarios[$0] }
    for (subscenario, queries) in members {
      var added = queries.filter { $0 >= parts.count }
      guard !added.isEmpty else { continue }
      var generator = SeededGenerator(
        seed: own, stream: "split/\(benchmark)/grown/\(queries.count)", subscenario)
      generator.shuffle(&added)
      let train = queries.count * 8 / 10
      let validation = (queries.count - train) / 2
      let targets: [(SplitPart, Int)] = [
        (.test, queries.count - train - validation), (.validation, validation),
      ]
      for (part, target) in targets {
        let known = queries.count { $0 < parts.count && parts[$0] == part }
        let chosen = added.prefix(max(target - known, 0))
        for query in chosen { drawn[query] = part }
        added.removeFirst(chosen.count)
      }
    }
    return Split(parts: drawn, origin: origin)
  }
}
