import FileFormats
import Metrics
import NumericKernels
import Routing
import RoutingData

/// Runs routers on one pool's measured queries, and measures them.
public struct PoolEvaluation: Sendable {
  /// What the candidates answered.
  public let pool: PoolResponses
  private let batch: QueryBatch

  /// An evaluation on a pool; `embeddings` are those of all queries of the benchmark, queries × d.
  ///
  /// - Throws: `DataError` for embeddings of another number of queries than the benchmark's.
  public init(
    _ pool: PoolResponses, of benchmark: Benchmark, embeddings: Matrix, encoder: String? = nil
  ) throws(DataError) {
    precondition(pool.benchmark == benchmark.name, "pool of '\(pool.benchmark)' for '\(benchmark.name)'")
    guard embeddings.rows == benchmark.queries.count else {
      throw DataError(
        "benchmark '\(benchmark.name)': embeddings of \(embeddings.rows) queries, expected \(benchmark.queries.count)"
      )
    }
    self.pool = pool
    batch = benchmark.batch(of: pool.queries, embeddings: embeddings, encoder: encoder)
  }

  /// What a router does with the measured queries.
  ///
  /// Where answers are missing it is asked once for the queries of each set of candidates that are there, about these alone.
  ///
  /// - Throws: `DataError` for scores, probabilities or predicted responses that are not finite, out of
  ///   range or of another shape, and whatever the router throws.
  public func route(_ router: any Router, ties: TieRule = .trainMean) throws -> RoutedQueries {
    let policy = router.policy ?? HighestScore(ties: ties)
    let parts =
      try pool.availability?.parts.map {
        try Choices(
          of: router, by: policy, for: batch.selecting($0.queries),
          among: pool.candidates.selecting($0.candidates))
      } ?? [Choices(of: router, by: policy, for: batch, among: pool.candidates)]
    let choices = joined(parts)
    return RoutedQueries(
      router: router.name, policy: policy, picks: choices.picks, probabilities: choices.published,
      predicted: choices.predicted, responses: pool.values, priced: priced(parts, by: policy))
  }

  /// What a router says of some queries and candidates, each n × m.
  private struct Choices {
    var picks: Matrix
    /// The probabilities behind E_p.
    var published: Matrix
    /// The predicted responses; nil for a router that predicts none.
    var predicted: Matrix?
    /// What they follow from.
    let scores: Scores

    init(
      of router: any Router, by policy: any Policy, for batch: QueryBatch, among candidates: Candidates
    ) throws {
      scores = try router.scores(for: batch, among: candidates)
      try scores.check(of: router.name, for: batch, among: candidates)
      picks = policy.picks(scores, among: candidates)
      try ScorePlace(router: router.name, batch: batch, candidates: candidates)
        .require(distributions: picks, "picks")
      published = policy.selectionProbabilities(
        try SelectionProbabilities.of(router, scores: scores, for: batch, among: candidates),
        among: candidates)
      predicted = scores.probabilities
    }
  }

  /// The choices of all queries: no pick and no probability for candidates that are not there, and a prediction of NaN.
  private func joined(_ parts: [Choices]) -> Choices {
    guard let availability = pool.availability else { return parts[0] }
    let (rows, columns) = (pool.queries.count, pool.llms.count)
    func joined(_ matrices: [Matrix], absent: Float) -> Matrix {
      var all = Matrix(rows: rows, columns: columns, repeating: absent)
      for (part, matrix) in zip(availability.parts, matrices) {
        for (row, query) in part.queries.enumerated() {
          for (column, candidate) in part.candidates.enumerated() {
            all[query, candidate] = matrix[row, column]
          }
        }
      }
      return all
    }
    var result = parts[0]
    result.picks = joined(parts.map(\.picks), absent: 0)
    result.published = joined(parts.map(\.published), absent: 0)
    let predicted = parts.compactMap(\.predicted)
    result.predicted = predicted.count == parts.count ? joined(predicted, absent: .nan) : nil
    return result
  }

  /// What the router does at each price of a grid; nil where costs are not known or the policy does not compare scores.
  private func priced(_ parts: [Choices], by policy: any Policy) -> PricedQueries? {
    guard let costs = pool.costs, policy.comparesScores else { return nil }
    let places =
      pool.availability?.parts.map { (queries: $0.queries, candidates: $0.candidates) }
      ?? [(Array(pool.queries.indices), Array(pool.llms.indices))]
    var grid = PriceGrid()
    for (part, place) in zip(parts, places) {
      grid.add(part.scores, costs: place.candidates.map { costs.expected[$0] })
    }
    let prices = grid.prices
    var outcomes = PricedQueries(prices: prices, queries: pool.queries.count)
    for (part, place) in zip(parts, places) {
      let candidates = pool.candidates.selecting(place.candidates)
      for (index, price) in prices.enumerated() {
        outcomes.note(
          PricedPolicy(policy, price: price).picks(part.scores, among: candidates), at: index,
          queries: place.queries, candidates: place.candidates, of: pool, costs)
      }
    }
    return outcomes
  }

  /// What some routers do with the measured queries, in the given order.
  ///
  /// - Throws: `DataError` for two routers of one name, `others` among them, and as `route` of one router does.
  func route(
    _ routers: [any Router], ties: TieRule, besides others: [String] = []
  ) throws -> [RoutedQueries] {
    var names = Set(others.map { Name($0) })
    for router in routers where !names.insert(Name(router.name)).inserted {
      throw DataError("two routers are named '\(router.name)'")
    }
    return try routers.map { try route($0, ties: ties) }
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
    let routed = try route(routers, ties: ties)
    return CellResult(pool, source: source, routed: routed, bootstrap: bootstrap, draws: draws)
  }
}
