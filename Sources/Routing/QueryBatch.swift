import NumericKernels
import RoutingData

/// Queries to route: their features, and apart from them whatever is known of where they come from.
///
/// Only the features are needed, so a batch can hold queries that belong to no benchmark.
public struct QueryBatch: Sendable {
  /// The embeddings, n × d; n × 0 where there are none.
  public let embeddings: Matrix
  /// How many of the d columns each of the encoders has that stand side by side; d alone where there is one.
  public let widths: [Int]
  /// The encoder that made the embeddings; nil where nobody knows.
  public let encoder: String?
  /// The benchmark that the queries belong to; nil for none.
  public let benchmark: String?
  /// The names of their sub-scenarios; nil where they are not known.
  public let subscenarios: [String]?
  /// Their texts; nil where they are not known.
  public let prompts: [String]?
  /// The queries as rows of the benchmark, for routers that look something up there; nil for other queries.
  public let rows: [Int]?

  /// Queries from their parts, all in one order.
  public init(
    embeddings: Matrix, encoder: String? = nil, benchmark: String? = nil, subscenarios: [String]? = nil,
    prompts: [String]? = nil, rows: [Int]? = nil, widths: [Int]? = nil
  ) {
    let counts = [subscenarios?.count, prompts?.count, rows?.count].compactMap { $0 }
    precondition(
      counts.allSatisfy { $0 == embeddings.rows }, "\(embeddings.rows) embeddings, parts of \(counts)")
    precondition(
      widths.map { $0.reduce(0, +) == embeddings.columns } ?? true,
      "\(embeddings.columns) columns, encoders of \(widths ?? [])")
    self.embeddings = embeddings
    self.widths = widths ?? [embeddings.columns]
    self.encoder = encoder
    self.benchmark = benchmark
    self.subscenarios = subscenarios
    self.prompts = prompts
    self.rows = rows
  }

  /// The number of queries, n.
  public var count: Int { embeddings.rows }

  /// A query as messages name it, such as `query 7 of benchmark 'gsm8k'`.
  public func describe(_ index: Int) -> String {
    "query \(rows?[index] ?? index)" + (benchmark.map { " of benchmark '\($0)'" } ?? " of the batch")
  }

  /// Throws unless a router may believe the embeddings: made by its encoder, of its length, and finite.
  ///
  /// An encoder that is not known, on either side, is not held against the batch.
  package func require(encoder wanted: String?, dimensions: Int, by router: String) throws(DataError) {
    if let wanted, let encoder, Array(wanted.utf8) != Array(encoder.utf8) {
      throw DataError(
        "router '\(router)': it was trained on embeddings of encoder '\(wanted)', these are of '\(encoder)': "
          + "give --encoder \(wanted)")
    }
    guard embeddings.columns == dimensions else {
      throw DataError(
        "router '\(router)': embeddings of \(embeddings.columns) dimensions"
          + (benchmark.map { " for benchmark '\($0)'" } ?? "") + ", trained on \(dimensions)")
    }
    guard let place = embeddings.firstNonFinite else { return }
    throw DataError(
      "router '\(router)': the embedding of \(describe(place.row)) holds "
        + "\(embeddings[place.row, place.column]), expected finite numbers")
  }
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
