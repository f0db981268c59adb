import NumericKernels
import Routing

/// A router whose scores are computed by a closure from a query's row and an LLM's name.
package struct ScriptedRouter: Router {
  /// The name.
  package let name: String
  /// How scores become picks.
  package let policy: (any Policy)?
  /// Whether its scores are the responses that it predicts.
  package let predicts: Bool
  private let score: @Sendable (_ query: Int, _ llm: String) throws -> Float

  /// A router with a name and its scores.
  package init(
    _ name: String, policy: (any Policy)? = nil, predicts: Bool = false,
    score: @escaping @Sendable (Int, String) throws -> Float
  ) {
    self.name = name
    self.policy = policy
    self.predicts = predicts
    self.score = score
  }

  /// The closure's number for each query and LLM; the responses that it predicts, if it does.
  package func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    var scores = Matrix(rows: batch.count, columns: candidates.count)
    for (row, query) in (batch.rows ?? Array(0..<batch.count)).enumerated() {
      for (column, llm) in candidates.names.enumerated() { scores[row, column] = try score(query, llm) }
    }
    return Scores(scores, probabilities: predicts ? scores : nil)
  }
}
