import Metrics
import NumericKernels
import Routing

/// The router that knows nothing: its μ is the mean response of the pool (RouterEval's r_o at p = 0).
///
/// Every score is 0 and ties are shared, which gives the exact expectation of a random choice
/// without drawing one.
package struct RandomRouter: Router {
  /// `random`.
  package let name = "random"
  /// All candidates share every query.
  package var policy: (any Policy)? { SharedHighestScore() }

  /// A random router; it has no state and accepts every LLM.
  package init() {}

  /// Zeros, n × m.
  package func scores(for batch: QueryBatch, among candidates: Candidates) -> Scores {
    Scores(Matrix(rows: batch.count, columns: candidates.count))
  }
}

extension RandomRouter: PublishesSelectionProbabilities {
  /// 1/m everywhere, n × m.
  package func selectionProbabilities(
    of scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) -> Matrix { SharedHighestScore.shares(of: scores.values) }
}
