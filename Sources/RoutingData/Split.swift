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
}
