import Metrics
import NumericKernels
import Routing
import RoutingData

/// The router that sends every query to one LLM: the candidate with the best mean on the train queries.
///
/// It is what a user could do without routing, so a router is worth something where it beats this one.
/// Where no candidate has a train response it knows nothing, and all candidates share every query.
package struct BestSingleRouter: Router {
  /// `best-single`.
  package let name = "best-single"
  /// One candidate has the highest score, except where nothing is known.
  package var policy: (any Policy)? { SharedHighestScore() }
  private let known: KnownBenchmarks

  /// A router for some benchmarks over one catalogue; copies no responses.
  package init(_ benchmarks: [Benchmark], catalog: LLMCatalog) {
    known = KnownBenchmarks(benchmarks, catalog: catalog)
  }

  /// 1 for the chosen candidate and 0 for the others, n × m; the embeddings are not looked at.
  ///
  /// - Throws: `DataError` for queries of an unknown benchmark or an unknown LLM.
  package func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    let (benchmark, columns) = try known.lookUp(batch, candidates, router: name)
    var scores = Matrix(rows: batch.count, columns: candidates.count)
    guard let best = benchmark.trainMeans(of: columns).best else { return Scores(scores) }
    for row in 0..<scores.rows { scores[row, best] = 1 }
    return Scores(scores)
  }
}

extension BestSingleRouter: PublishesSelectionProbabilities {
  /// 1 for the chosen candidate and 0 for the others, n × m.
  package func selectionProbabilities(
    of scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) -> Matrix { SharedHighestScore.shares(of: scores.values) }
}
