import NumericKernels
import Routing

/// Graded answers to some queries, and what is known of the queries: what a trainer learns from.
public struct Observations: Sendable {
  /// The queries with their features, n of them.
  public let queries: QueryBatch
  /// Their graded answers with mask and weights, n × LLMs.
  public let cells: GradedCells

  /// Answers to queries, a row for each query.
  public init(_ queries: QueryBatch, cells: GradedCells) {
    precondition(queries.count == cells.rows, "\(queries.count) queries, cells of \(cells.rows)")
    self.queries = queries
    self.cells = cells
  }

  /// The number of queries, n.
  public var count: Int { queries.count }

  /// The embeddings of the queries, n × d.
  public var embeddings: Matrix { queries.embeddings }

  /// The queries as rows of their benchmark; their places here where they belong to none.
  public var rows: [Int] { queries.rows ?? Array(0..<count) }
}
