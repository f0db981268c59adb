import Metrics
import NumericKernels
import Routing
import RoutingData

/// The router that knows every response: the upper bound of μ on a pool (RouterEval's r_o).
///
/// Its scores are the responses themselves. The candidates at the best grade of a query share it, so
/// that the picks and the selection probabilities are uniform over the LLMs that are right, and over
/// all where none is.
package struct OracleRouter: Router {
  /// `oracle`.
  package let name = "oracle"
  /// Equal grades share a query.
  package var policy: (any Policy)? { SharedHighestScore() }
  private let known: KnownBenchmarks

  /// An oracle for some benchmarks over one catalogue; copies no responses.
  package init(_ benchmarks: [Benchmark], catalog: LLMCatalog) {
    known = KnownBenchmarks(benchmarks, catalog: catalog)
  }

  /// The responses of the candidates, n × m in [0, 1], which it predicts too; the embeddings are not looked at.
  ///
  /// - Throws: `DataError` for an unknown benchmark, LLM or query, or a response that is missing.
  package func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    let responses = try known.responses(to: batch, of: candidates, router: name)
    return Scores(responses, probabilities: responses)
  }
}

extension OracleRouter: PublishesSelectionProbabilities {
  /// Uniform over the candidates at the best grade of each query, n × m.
  package func selectionProbabilities(
    of scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) -> Matrix { SharedHighestScore.shares(of: scores.values) }
}
