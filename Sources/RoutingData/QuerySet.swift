import FileFormats

/// The queries of a benchmark: their sub-scenarios and, where known, ids, prompts and embeddings.
public struct QuerySet: Sendable {
  /// The names of the sub-scenarios.
  public let subscenarioNames: [String]
  /// The sub-scenario of each query, an index into the names.
  public let subscenarios: [Int]
  /// The source's own ids; nil where it has none or they are still in a file, see `Benchmark.loadIDs`.
  public let ids: [String]?
  /// The embeddings of the queries by encoder name, each n × d.
  public let embeddings: [String: NDArray]

  /// Queries from their parts, all of one length.
  public init(
    subscenarioNames: [String], subscenarios: [Int], ids: [String]? = nil, embeddings: [String: NDArray] = [:]
  ) {
    precondition(ids.map { $0.count == subscenarios.count } ?? true, "ids of another length than the queries")
    precondition(
      embeddings.values.allSatisfy { $0.shape.count == 2 && $0.shape[0] == subscenarios.count },
      "embeddings of another length than the queries")
    self.subscenarioNames = subscenarioNames
    self.subscenarios = subscenarios
    self.ids = ids
    self.embeddings = embeddings
  }

  /// These queries with the embeddings of one more encoder, n × d, or with others of it.
  public func with(embeddings array: NDArray, of encoder: String) -> QuerySet {
    QuerySet(
      subscenarioNames: subscenarioNames, subscenarios: subscenarios, ids: ids,
      embeddings: embeddings.merging([encoder: array]) { $1 })
  }

  /// The number of queries.
  public var count: Int { subscenarios.count }

  /// The names of the sub-scenarios of some queries.
  public func subscenarioNames(of queries: [Int]) -> [String] {
    queries.map { subscenarioNames[subscenarios[$0]] }
  }
}
