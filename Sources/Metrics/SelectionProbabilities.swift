import NumericKernels
import Routing
import RoutingData

/// A router whose selection probabilities, as RouterEval publishes them, are no softmax of its scores.
///
/// They are what E_p measures and nothing else: no policy draws from them.
public protocol PublishesSelectionProbabilities: Router {
  /// The probabilities behind E_p, n × m with rows of sum 1 (RouterEval, arXiv 2503.10657, §4).
  ///
  /// `scores` are those that the router gave for these queries and candidates.
  func selectionProbabilities(
    of scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) throws -> Matrix
}

/// The probabilities behind E_p.
public enum SelectionProbabilities {
  /// Those that a router publishes, or the softmax of its scores, n × m with rows of sum 1.
  ///
  /// - Throws: `DataError` where what the router publishes are no distributions, and whatever the router throws.
  public static func of(
    _ router: any Router, scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) throws -> Matrix {
    guard let own = router as? any PublishesSelectionProbabilities else {
      return Elementwise.softmaxRows(scores.values)
    }
    let probabilities = try own.selectionProbabilities(of: scores, for: batch, among: candidates)
    try ScorePlace(router: router.name, batch: batch, candidates: candidates)
      .require(distributions: probabilities, "selection probabilities")
    return probabilities
  }
}
