import RoutingData
import Testing

@testable import ColdStart

/// Routing with held-out LLMs on planted specialists.
@Suite struct RoutingExperimentTests {
  private func routed(counts: [Int]) throws -> [RoutedLLM] {
    let dataset = try PlantedSpecialists.dataset()
    let experiment = try LLMExperiment(
      dataset.benchmarks[0], catalog: dataset.catalog, holdOut: .family, policies: [.adaptive],
      counts: counts, factors: 2, mostLLMs: 12, seed: 1)
    var pools = try RoutingExperiment(experiment, encoder: PlantedSpecialists.encoder)
    return try (0..<2).flatMap { try pools.routed(fold: $0) }
  }

  @Test func fewAnswersReachMostOfTheValue() throws {
    let routed = try routed(counts: [5, 40])
    #expect(!routed.isEmpty)
    let summaries = RoutingSummary.of(routed).filter { $0.size == 3 }
    let few = try #require(summaries.first { $0.answers == 40 })
    #expect(few.gain.value > 0.01)
    #expect((few.share?.value ?? 0) > 0.6)
    #expect(few.withRatio.value > 1)
  }

  @Test func allAnswersAreFullInformation() throws {
    // 432 queries train and validate: asked of all of them, nothing is imputed.
    let seen = try PlantedSpecialists.dataset().benchmarks[0].split.parts.filter { $0 != .test }.count
    for row in try routed(counts: [seen]) { #expect(abs(row.with - row.full) < 1e-9) }
  }

  @Test func tablesHaveARowForEachPool() throws {
    let routed = try routed(counts: [5])
    let lines = RoutedLLM.csv(routed).split(separator: "\n")
    #expect(lines.count == routed.count + 1)
    #expect(Set(lines.map { $0.split(separator: ",").count }) == [12])
  }
}
