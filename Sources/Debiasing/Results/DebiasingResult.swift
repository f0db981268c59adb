import Evaluation

/// What came of training on logs and of estimating from them.
public struct DebiasingResult: Sendable {
  /// The routers that were trained on logs.
  public let learned: [LearnedRouter]
  /// The estimates.
  public let estimated: [EstimatedRouter]
  /// The pools that were left out.
  public let skipped: [SkippedCell]
  /// The mean losses.
  public let losses: [LossSummary]
  /// The estimators.
  public let estimators: [EstimatorSummary]
  /// Their coverage by effective sample size.
  public let coverage: [CoverageSummary]
  /// The choices among routers.
  public let selections: [SelectionSummary]

  /// The result of some routers and estimates.
  public init(learned: [LearnedRouter], estimated: [EstimatedRouter], skipped: [SkippedCell]) {
    self.learned = learned
    self.estimated = estimated
    self.skipped = skipped
    losses = LossSummary.of(learned)
    estimators = EstimatorSummary.of(estimated)
    coverage = CoverageSummary.of(estimated)
    selections = SelectionSummary.of(estimated)
  }
}
