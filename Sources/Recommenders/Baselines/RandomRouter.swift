import NumericKernels

/// The router that knows nothing: its μ is the mean response of the pool (RouterEval's r_o at p = 0).
///
/// Every score is 0 and ties are shared, which gives the exact expectation of a random choice
/// without drawing one.
public struct RandomRouter: Router {
  /// `random`.
  public let name = "random"
  /// All candidates share every query.
  public let policy = PickPolicy.shared

  /// A random router; it has no state and accepts every LLM.
  public init() {}

  /// Zeros, n × m.
  public func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
    Matrix(rows: batch.queries.count, columns: llms.count)
  }

  /// 1/m everywhere, n × m.
  public func selectionProbabilities(
    ofScores scores: Matrix, for batch: QueryBatch, llms: [String]
  ) -> Matrix { HighestScores.shared(scores) }
}
