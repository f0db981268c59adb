/// A benchmark on which no LLM could be held out and placed.
public struct SkippedBenchmark: Codable, Equatable, Sendable {
  /// Its name.
  public let benchmark: String
  /// Why, in one line.
  public let reason: String
}

/// What came of placing held-out LLMs.
public struct PlacementResult: Sendable {
  /// Every estimate, by benchmark, then fold.
  public let estimates: [PlacedLLM]
  /// The benchmarks that are too small.
  public let skipped: [SkippedBenchmark]
  /// The mean over LLMs of each cell.
  public let summaries: [PlacementSummary]
  /// The answers that a mean absolute error of 2 points and of 1 point takes.
  public let answersNeeded: [AnswersNeeded]

  /// The result of some estimates.
  public init(_ estimates: [PlacedLLM], skipped: [SkippedBenchmark]) {
    self.estimates = estimates
    self.skipped = skipped
    summaries = PlacementSummary.of(estimates)
    answersNeeded = AnswersNeeded.of(summaries)
  }
}
