import LinearAlgebra
import Recommenders

/// A router whose scores are computed by a closure from a query's row and an LLM's name.
public struct ScriptedRouter: Router {
  /// The name.
  public let name: String
  /// The rule for ties.
  public let tieRule: TieRule
  private let score: @Sendable (_ query: Int, _ llm: String) throws -> Float

  /// A router with a name and its scores.
  public init(
    _ name: String, ties: TieRule = .trainMean, score: @escaping @Sendable (Int, String) throws -> Float
  ) {
    self.name = name
    tieRule = ties
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
}
