import NumericKernels
import Recommenders

/// A router whose scores are computed by a closure from a query's row and an LLM's name.
public struct ScriptedRouter: Router {
  /// The name.
  public let name: String
  /// How scores become picks.
  public let policy: PickPolicy
  /// Whether its scores are the responses that it predicts.
  public let predicts: Bool
  private let score: @Sendable (_ query: Int, _ llm: String) throws -> Float

  /// A router with a name and its scores.
  public init(
    _ name: String, policy: PickPolicy = .highest, predicts: Bool = false,
    score: @escaping @Sendable (Int, String) throws -> Float
  ) {
    self.name = name
    self.policy = policy
    self.predicts = predicts
    self.score = score
  }

  /// The closure's number for each query and LLM.
  public func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
    var scores = Matrix(rows: batch.queries.count, columns: llms.count)
    for (row, query) in batch.queries.enumerated() {
      for (column, llm) in llms.enumerated() { scores[row, column] = try score(query, llm) }
    }
    return scores
  }

  /// The scores, if they predict responses.
  public func predictedResponses(ofScores scores: Matrix) -> Matrix? { predicts ? scores : nil }
}
