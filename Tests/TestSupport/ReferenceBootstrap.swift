import Evaluation
import Foundation
import LinearAlgebra

/// The bootstrap as its definition reads: draw queries, write them down, measure them.
///
/// Slow and in `Double` throughout; draws the same queries as `Bootstrap`.
public enum ReferenceBootstrap {
  /// One resample: the drawn queries, as positions among those measured.
  public static func draw(_ pool: PoolResponses, seed: UInt64, resample: Int) -> [Int] {
    var generator = SeededGenerator(seed: seed, stream: "bootstrap/\(pool.benchmark)", resample)
    var drawn: [Int] = []
    for stratum in Set(pool.strata).sorted() {
      let members = pool.strata.indices.filter { pool.strata[$0] == stratum }
      for _ in members { drawn.append(members[generator.below(members.count)]) }
    }
    return drawn
  }

  /// One router's statistics on one resample.
  public struct Statistics: Sendable {
    /// The mean reward.
    public let mu: Double
    /// The mean entropy of the selection probabilities.
    public let classificationBias: Double
    /// The entropy of the mean pick distribution.
    public let pickEntropy: Double
    /// The best candidate's mean.
    public let bestSingle: Double
  }

  /// A router's statistics on the drawn queries.
  public static func statistics(
    _ routed: RoutedQueries, pool: PoolResponses, drawn: [Int]
  ) -> Statistics {
    let count = Double(drawn.count)
    let candidates = 0..<pool.llms.count
    var pickEntropy = 0.0
    for candidate in candidates {
      let share = drawn.reduce(0.0) { $0 + Double(routed.picks[$1, candidate]) } / count
      if share > 0 { pickEntropy -= share * log2(share) }
    }
    let means = candidates.map { candidate in
      drawn.reduce(0.0) { $0 + Double(pool.values[$1, candidate]) } / count
    }
    return Statistics(
      mu: drawn.reduce(0.0) { $0 + routed.rewards[$1] } / count,
      classificationBias: drawn.reduce(0.0) { $0 + routed.entropies[$1] } / count,
      pickEntropy: pickEntropy, bestSingle: means.max() ?? 0)
  }
}
