import NumericKernels
import Recommenders
import RoutingData

/// Runs routers on one pool's measured queries, and measures them.
public struct PoolEvaluation: Sendable {
  /// What the candidates answered.
  public let pool: PoolResponses
  private let batch: QueryBatch

  /// An evaluation on a pool; `embeddings` are those of all queries of the benchmark, queries × d.
  ///
  /// - Throws: `DataError` for embeddings of another number of queries than the benchmark's.
  public init(_ pool: PoolResponses, of benchmark: Benchmark, embeddings: Matrix) throws(DataError) {
    precondition(pool.benchmark == benchmark.name, "pool of '\(pool.benchmark)' for '\(benchmark.name)'")
    guard embeddings.rows == benchmark.queries.count else {
      throw DataError(
        "benchmark '\(benchmark.name)': embeddings of \(embeddings.rows) queries, expected \(benchmark.queries.count)"
      )
    }
    self.pool = pool
    batch = QueryBatch(
      benchmark: benchmark.name, queries: pool.queries, embeddings: embeddings.selecting(rows: pool.queries),
      subscenarios: benchmark.queries.subscenarioNames(of: pool.queries))
  }

  /// What a router does with the measured queries.
  ///
  /// - Throws: `DataError` for scores, probabilities or predicted responses that are not finite, out of
  ///   range or of another shape, and whatever the router throws.
  public func route(_ router: any Router, ties: TieRule = .trainMean) throws -> RoutedQueries {
    let scores = try router.scores(for: batch, llms: pool.llms)
    let picks = try Scorer(ties).picks(
      ofScores: scores, policy: router.policy, router: router.name, pool: pool)
    let probabilities = try router.selectionProbabilities(ofScores: scores, for: batch, llms: pool.llms)
    try Scorer.require(probabilities: probabilities, "selection probabilities", of: router.name, for: pool)
    let predicted = router.predictedResponses(ofScores: scores)
    if let predicted { try Scorer.require(predicted: predicted, of: router.name, for: pool) }
    return RoutedQueries(
      router: router.name, policy: router.policy, tieRule: router.policy == .highest ? ties : nil,
      picks: picks, probabilities: probabilities, predicted: predicted, responses: pool.values)
  }

  /// The metrics of some routers with their intervals, in the given order.
  ///
  /// `draws` made for another pool that measures the same queries spare drawing the resamples again.
  ///
  /// - Throws: `DataError` for two routers of one name, and as `route` does.
  public func evaluate(
    _ routers: [any Router], source: PoolSource, ties: TieRule = .trainMean,
    bootstrap: Bootstrap = Bootstrap(), draws: BootstrapDraws? = nil
  ) throws -> CellResult {
    var names: Set<String> = []
    for router in routers where !names.insert(router.name).inserted {
      throw DataError("two routers are named '\(router.name)'")
    }
    let routed = try routers.map { try route($0, ties: ties) }
    return CellResult(pool, source: source, routed: routed, bootstrap: bootstrap, draws: draws)
  }
}
