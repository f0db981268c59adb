import Evaluation

/// What `rs-debias spread` says of a model: a plain value.
public struct SpreadReport: Codable, Equatable, Sendable {
  /// The loss of μ that is next to nothing.
  public let margin: Double
  /// The queries that the walks looked at, in words.
  public let queries: String
  /// The pools that could be measured.
  public let pools: [SpreadOutcome]
  /// The pools that were left out.
  public let skipped: [SkippedCell]

  /// A report from its parts.
  public init(margin: Double, queries: String, pools: [SpreadOutcome], skipped: [SkippedCell]) {
    self.margin = margin
    self.queries = queries
    self.pools = pools
    self.skipped = skipped
  }
}
