import RoutingData
import Testing

@testable import ColdStart

/// Held-out LLMs placed by what their catalogue says.
@Suite struct MetadataTrialsTests {
  @Test func relativesTellMoreThanNothing() throws {
    let dataset = try SyntheticGenerator.generate(
      SyntheticOptions(llms: 60, queries: 2_000, factors: 3, dimensions: 4, seed: 3))
    let benchmark = try dataset.benchmark(named: "mmlu")
    let experiment = try LLMExperiment(
      benchmark, catalog: dataset.catalog, holdOut: .llm, policies: [.fixed(.random)], counts: [10],
      factors: 2, mostLLMs: 60, seed: 1)
    let placed = try (0..<4).flatMap { try experiment.placed(fold: $0) }
    let summaries = PlacementSummary.of(placed)
    func error(_ estimator: EstimatorName, _ answers: Int) throws -> Double {
      try #require(summaries.first { $0.estimator == estimator && $0.answers == answers }).error
    }
    #expect(try error(.metadata, 0) < error(.mirt, 0))
    #expect(try error(.metadata, 10) < error(.mean, 10))
    let none = summaries.filter { $0.answers == 0 }
    #expect(Set(none.map(\.anchors)) == ["none"])
  }
}
