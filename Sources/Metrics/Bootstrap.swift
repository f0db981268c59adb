import NumericKernels

/// How sure a metric is: percentile intervals over resampled measured queries.
///
/// Queries are drawn with replacement inside each sub-scenario, so that every resample has the measured
/// part's mix; how small ones are drawn, see `StratifiedResampling`. The best single LLM is chosen anew on each
/// resample. Percentiles are taken as far out as Student's t asks for with n − strata degrees of freedom
/// (`StudentLevel`), and an interval always holds its own estimate. A metric that is the mean of numbers in a known range
/// takes its interval from these, and one of which nearly all queries are alike is as wide as their number allows
/// (`BoundedMean`). `docs/intervals.md` shows how often intervals hold the truth. Source: Efron and Tibshirani 1993, chapters 8 and 13.
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

  /// The metrics of some routers on each resample of a pool's measured queries.
  ///
  /// The same bits at any thread count, and the same resamples for every pool of a benchmark that
  /// leaves out the same queries; `draws` made for such a pool spare drawing them again, and others
  /// are not used. Cost: 2 · resamples · n · c operations of a matrix product, with
  /// c = 1 + m + Σ (distinct columns of its metrics: 2 + LLMs picked, and 12 with predictions) over the routers, and
  /// resamples · n random numbers.
  public func replicates(
    of routed: [RoutedQueries], pool: PoolResponses, metrics: [Metric] = MetricCatalog.all,
    draws: BootstrapDraws? = nil
  ) -> BootstrapReplicates {
    let shared = draws.flatMap { $0.serve(self, for: pool) ? $0 : nil }
    let draws = shared ?? BootstrapDraws(self, for: pool, keepingUpTo: 0)
    let columns = ResampledColumns(pool, routed, metrics: metrics, order: draws.order)
    let parts = Parallel.map(draws.blocks.count) { columns.statistics(ofCounts: draws.counts(ofBlock: $0)) }
    return BootstrapReplicates(joining: parts, level: level, strata: draws.members)
  }

  /// Resamples to a matrix product; fixed, because block results must not depend on the threads.
  package static let blockSize = 256
}
