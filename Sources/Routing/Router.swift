import RoutingData

/// Anything that scores candidate LLMs for queries: a model, a baseline, a scores file.
public protocol Router: Sendable {
  /// The name that tables show.
  var name: String { get }

  /// The encoder of the embeddings that it was trained on; nil where it looks at none, or nobody knows.
  var encoder: String? { get }

  /// How its scores must become picks, where only one way makes sense; nil leaves that to whoever asks.
  var policy: (any Policy)? { get }

  /// What it says of each query and candidate, n × m; never looks at the answers of routed queries, but for an oracle.
  ///
  /// - Throws: `DataError` for a candidate that the router does not know, or features that it can't believe.
  func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores
}

extension Router {
  /// None.
  public var encoder: String? { nil }

  /// Left to whoever asks.
  public var policy: (any Policy)? { nil }
}
