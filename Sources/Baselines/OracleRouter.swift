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
  /// Each query's responses divided by their sum, as RouterEval has them, n × m; uniform where all are 0.
  ///
  /// On binary grades these are the picks; between 0 and 1 every LLM that is right in part has its part.
  package func selectionProbabilities(
    of scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) -> Matrix { Self.published(scores.values) }

  /// RouterEval's probabilities of r_o for some responses, n × m in [0, 1].
  static func published(_ responses: Matrix) -> Matrix {
    var shares = Matrix(rows: responses.rows, columns: responses.columns)
    for row in 0..<responses.rows {
      let sum = responses.row(row).reduce(0) { $0 + Double($1) }
      for (column, response) in responses.row(row).enumerated() {
        shares[row, column] = Float(sum > 0 ? Double(response) / sum : 1 / Double(responses.columns))
      }
    }
    return shares
  }
}
