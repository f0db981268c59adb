import LinearAlgebra

/// How sure a metric is: percentile intervals over resampled test queries.
///
/// Queries are drawn with replacement inside each sub-scenario, so that every resample has the test
/// split's mix. The best single LLM is chosen anew on each resample. A sub-scenario with one test query
/// contributes no variation. Source: Efron and Tibshirani 1993, chapters 8 and 13.
public struct Bootstrap: Codable, Equatable, Sendable {
  /// The number of resamples.
  public let resamples: Int
  /// The share of the resamples that an interval holds.
  public let level: Double
  /// The seed of the draws.
  public let seed: UInt64

  /// A bootstrap of at least one resample and a level in (0, 1).
  public init(resamples: Int = 10_000, level: Double = 0.95, seed: UInt64 = 0) {
    precondition(resamples > 0, "\(resamples) resamples")
    precondition(level > 0 && level < 1, "level \(level)")
    self.resamples = resamples
    self.level = level
    self.seed = seed
  }

  /// The metrics of some routers on each resample of a pool's test queries.
  ///
  /// The same bits at any thread count, and the same resamples for every pool of a benchmark that
  /// leaves out the same queries. Cost: 2 · resamples · n · c operations of a matrix product, with
  /// c = m + Σ (2 + LLMs picked) over the routers, and resamples · n random numbers.
  public func replicates(of routed: [RoutedQueries], pool: PoolResponses) -> BootstrapReplicates {
    let resampling = StratifiedResampling(strata: pool.strata, benchmark: pool.benchmark, seed: seed)
    let columns = ResampledColumns(pool, routed, order: resampling.order)
    let blocks = Parallel.blocks(of: resamples, size: Self.blockSize)
    let parts = Parallel.map(blocks.count) { columns.statistics(ofCounts: resampling.counts(of: blocks[$0])) }
    return BootstrapReplicates(joining: parts, level: level)
  }

  /// Resamples to a matrix product; fixed, because block results must not depend on the threads.
  static let blockSize = 256
}
