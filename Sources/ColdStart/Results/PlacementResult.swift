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
  /// What pools with the held-out LLMs reach; empty where nothing was routed.
  public let routed: [RoutedLLM]
  /// The mean over LLMs of each cell.
  public let summaries: [PlacementSummary]
  /// The answers that a mean absolute error of 2 points and of 1 point takes.
  public let answersNeeded: [AnswersNeeded]
  /// What LLMs add to pools, by benchmark, size of pools and number of answers.
  public let routing: [RoutingSummary]

  /// The result of some estimates.
  public init(_ estimates: [PlacedLLM], skipped: [SkippedBenchmark], routed: [RoutedLLM] = []) {
    self.estimates = estimates
    self.skipped = skipped
    self.routed = routed
    summaries = PlacementSummary.of(estimates)
    answersNeeded = AnswersNeeded.of(summaries)
    routing = RoutingSummary.of(routed)
  }
}
