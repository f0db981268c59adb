import Baselines
import Evaluation
import Metrics
import Routing
import RoutingData

extension TableBenchmark {
  /// What some routers do on the test queries of a pool, by default of all LLMs.
  package func route(
    _ routers: [any Router], llms: [Int]? = nil, missing: MissingRule = .complete, costs: ResponseCosts? = nil
  ) throws -> (PoolResponses, [RoutedQueries]) {
    let pool = try PoolResponses(
      benchmark, llmNames: llmNames,
      pool: CandidatePool(group: .allWeak, llms: llms ?? Array(llmNames.indices)), missing: missing,
      costs: costs)
    let evaluation = try PoolEvaluation(pool, of: benchmark, embeddings: embeddings)
    return (pool, try routers.map { try evaluation.route($0) })
  }

  /// The results of some routers on a pool, by default of all LLMs.
  package func cell(
    _ routers: [any Router], llms: [Int]? = nil, resamples: Int = 200, missing: MissingRule = .complete,
    costs: ResponseCosts? = nil
  ) throws -> CellResult {
    let (pool, routed) = try route(routers, llms: llms, missing: missing, costs: costs)
    return CellResult(
      pool, source: .constructed, routed: routed, bootstrap: Bootstrap(resamples: resamples))
  }

  /// The oracle, random and best-single routers of this benchmark.
  package var baselines: [any Router] {
    [
      OracleRouter([benchmark], catalog: catalog), RandomRouter(),
      BestSingleRouter([benchmark], catalog: catalog),
    ]
  }
}
