import NumericKernels

/// Queries of one benchmark to route.
public struct QueryBatch: Sendable {
  /// The benchmark's name.
  public let benchmark: String
  /// The queries, as rows of the benchmark.
  public let queries: [Int]
  /// Their embeddings, n × d.
  public let embeddings: Matrix
  /// The names of their sub-scenarios; nil where they are not known.
  public let subscenarios: [String]?

  /// A batch of queries with their embeddings and sub-scenarios, in one order.
  public init(benchmark: String, queries: [Int], embeddings: Matrix, subscenarios: [String]? = nil) {
    precondition(queries.count == embeddings.rows, "\(queries.count) queries, \(embeddings.rows) embeddings")
    precondition(
      subscenarios.map { $0.count == queries.count } ?? true, "\(queries.count) queries, other sub-scenarios")
    self.benchmark = benchmark
    self.queries = queries
    self.embeddings = embeddings
    self.subscenarios = subscenarios
  }
}

/// How a router's scores become picks.
public enum PickPolicy: String, CaseIterable, Codable, Sendable {
  /// The candidate with the highest score; the evaluation's tie rule decides between equals.
  case highest
  /// The candidates that share the highest score, with equal probability.
  case shared
  /// Each candidate with the probability that is its score.
  case proportional
}

/// Anything that scores candidate LLMs for queries: a model, a baseline, a scores file.
public protocol Router: Sendable {
  /// The name that tables show.
  var name: String { get }

  /// How its scores become picks.
  var policy: PickPolicy { get }

  /// A number for each query and candidate, n × m; higher means more likely to answer well.
  ///
  /// - Throws: `DataError` for a candidate that the router does not know.
  func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix

  /// The selection probabilities behind E_p, n × m with rows of sum 1 (RouterEval §4).
  ///
  /// `scores` are those that the router gave for these queries and candidates.
  func selectionProbabilities(
    ofScores scores: Matrix, for batch: QueryBatch, llms: [String]
  ) throws -> Matrix

  /// The responses that the scores predict, n × m in [0, 1]; nil for a router that predicts none.
  func predictedResponses(ofScores scores: Matrix) -> Matrix?
}

extension Router {
  /// The candidate with the highest score.
  public var policy: PickPolicy { .highest }

  /// The softmax of the scores.
  public func selectionProbabilities(
    ofScores scores: Matrix, for batch: QueryBatch, llms: [String]
  ) throws -> Matrix { Elementwise.softmaxRows(scores) }

  /// None.
  public func predictedResponses(ofScores scores: Matrix) -> Matrix? { nil }
}
