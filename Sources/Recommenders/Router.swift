import LinearAlgebra

/// Queries of one benchmark to route.
public struct QueryBatch: Sendable {
  /// The benchmark's name.
  public let benchmark: String
  /// The queries, as rows of the benchmark.
  public let queries: [Int]
  /// Their embeddings, n × d.
  public let embeddings: Matrix

  /// A batch of queries and their embeddings, in one order.
  public init(benchmark: String, queries: [Int], embeddings: Matrix) {
    precondition(queries.count == embeddings.rows, "\(queries.count) queries, \(embeddings.rows) embeddings")
    self.benchmark = benchmark
    self.queries = queries
    self.embeddings = embeddings
  }
}

/// What a router does with candidates of equal score.
public enum TieRule: String, CaseIterable, Codable, Sendable {
  /// The candidate with the better mean response on the train queries (ours).
  case trainMean
  /// The first of the pool, which is its weakest (RouterEval's published code).
  case first
  /// All of them, with equal probability.
  case shared
}

/// Anything that scores candidate LLMs for queries: a model, a baseline, a scores file.
public protocol Router: Sendable {
  /// The name that tables show.
  var name: String { get }

  /// How ties are broken where the user chose nothing else.
  var tieRule: TieRule { get }

  /// A number for each query and candidate, n × m; higher means more likely to answer well.
  ///
  /// - Throws: `DataError` for a candidate that the router does not know.
  func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix

  /// The selection probabilities behind E_p, n × m with rows of sum 1 (RouterEval §4).
  func selectionProbabilities(ofScores scores: Matrix) -> Matrix
}

extension Router {
  /// Ties go to the better candidate on the train queries.
  public var tieRule: TieRule { .trainMean }

  /// The softmax of the scores.
  public func selectionProbabilities(ofScores scores: Matrix) -> Matrix { Elementwise.softmaxRows(scores) }
}
