import NumericKernels
import Routing

/// A router whose predicted log-odds are a product of two matrices, so that judging it needs no matrix of them.
public protocol PredictsByProducts: Router {
  /// The calibrated log-odds of some candidates beside their graded cells.
  ///
  /// - Throws: As `scores(for:among:)`.
  func logOdds(
    for batch: QueryBatch, among candidates: Candidates, cells: GradedCells
  ) throws -> LogisticResiduals
}
