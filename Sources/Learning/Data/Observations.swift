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

extension QueryBatch {
  /// Some of the queries, by their places, in that order.
  package func selecting(_ places: [Int]) -> QueryBatch {
    QueryBatch(
      embeddings: embeddings.selecting(rows: places), encoder: encoder, benchmark: benchmark,
      subscenarios: subscenarios.map { names in places.map { names[$0] } },
      prompts: prompts.map { texts in places.map { texts[$0] } },
      rows: rows.map { rows in places.map { rows[$0] } }, widths: widths)
  }
}
