import Testing

@testable import ColdStart

/// What new LLMs add to pools, against sums by hand.
@Suite struct RoutingSummaryTests {
  private func row(_ llm: String, _ pool: Int, without: Double, with: Double, full: Double) -> RoutedLLM {
    RoutedLLM(
      benchmark: "b", fold: "f", llm: llm, size: 3, pool: pool, answers: 10, without: without, with: with,
      full: full, single: 0.5, bestWithout: 0.5, bestWith: 0.8)
  }

  @Test func pointsAreMeansOverLLMs() throws {
    let summary = try #require(
      RoutingSummary.of([
        row("u", 0, without: 0.4, with: 0.5, full: 0.6), row("u", 1, without: 0.4, with: 0.7, full: 0.8),
        row("v", 0, without: 0.5, with: 0.5, full: 0.5),
      ]).first)
    #expect(summary.llms == 2)
    #expect(abs(summary.gap.value - 0.05) < 1e-12)
    #expect(abs((summary.gap.standardError ?? 0) - 0.05) < 1e-12)
    #expect(abs(summary.gain.value - 0.1) < 1e-12)
    #expect(abs((summary.share?.value ?? 0) - 0.2 / 0.3) < 1e-12)
    #expect(abs(summary.overSingle.value - 0.05) < 1e-12)
    #expect(abs(summary.withoutRatio.value - 0.9) < 1e-12)
    #expect(abs(summary.withRatio.value - 0.6875) < 1e-12)
  }

  /// LLMs that gain and lose about as much: the error of the share is as large as that makes it, and no larger.
  @Test func aShareOfNextToNothingIsUnsure() throws {
    func share(_ fulls: [Double]) throws -> RoutingSummary.Mean? {
      try #require(
        RoutingSummary.of(
          fulls.enumerated().map { row("u\($0)", 0, without: 0.5, with: 0.5 + $1 / 2, full: 0.5 + $1) }
        ).first
      ).share
    }
    // One LLM alone makes the whole gain: without it nothing is left to divide by.
    let alone = try #require(try share([0.1, 0.1, -0.1]))
    #expect(abs(alone.value - 0.5) < 1e-12 && (alone.standardError ?? 1) < 1e-9)
    #expect(try share([0.1, -0.1]) == nil)
    #expect(try share([-0.1, -0.2]) == nil)
  }

  @Test func nothingToGainHasNoShare() throws {
    let summary = try #require(
      RoutingSummary.of([row("u", 0, without: 0.5, with: 0.5, full: 0.5)]).first)
    #expect(summary.share == nil)
    #expect(summary.gap.standardError == nil)
  }
}
