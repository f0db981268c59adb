import RoutingData
import Testing

@testable import ColdStart

/// Predictions of sub-scenarios and queries that were held out, on planted specialists.
@Suite struct UnseenExperimentTests {
  private func summaries(_ holdOut: HoldOut, dataset: Dataset? = nil) throws -> [UnseenSummary] {
    let experiment = try UnseenExperiment(
      dataset ?? PlantedSpecialists.dataset(), benchmarks: [], holdOut: holdOut, encoder: nil,
      counts: [5, 20], factors: 2, mostLLMs: 100, seed: 1)
    return UnseenSummary.of(
      try (0..<min(experiment.foldCount, 4)).flatMap { try experiment.results(fold: $0) })
  }

  @Test(arguments: [HoldOut.subscenario, .query])
  func specialistsAreFound(_ holdOut: HoldOut) throws {
    let summaries = try summaries(holdOut)
    let means = try #require(summaries.first { $0.method == "means" })
    for method in ["map", "kernel", "average"] {
      let found = try #require(summaries.first { $0.method == method })
      #expect(found.logLoss.value < means.logLoss.value - 0.03, "\(method)")
      #expect((found.ratios[5]?.value ?? 0) > (means.ratios[5]?.value ?? 1), "\(method)")
    }
  }

  @Test func labelsHelp() throws {
    let summaries = try summaries(.subscenario)
    let average = try #require(summaries.first { $0.method == "average" })
    let labelled = try #require(summaries.first { $0.method == "shift" && $0.labels == 20 })
    #expect(labelled.logLoss.value < average.logLoss.value + 0.005)
  }

  @Test func oneBenchmarkCannotBeHeldOut() throws {
    #expect(throws: DataError.self) { try summaries(.benchmark) }
  }
}
