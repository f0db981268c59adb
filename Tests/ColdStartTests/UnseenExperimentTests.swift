import FileFormats
import Foundation
import RoutingData
import TestSupport
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
    #expect(labelled.logLoss.value < average.logLoss.value + 0.02)
  }

  @Test func oneBenchmarkCannotBeHeldOut() throws {
    #expect(throws: DataError.self) { try summaries(.benchmark) }
  }

  private static func configuration(holdOut: HoldOut = .query, seed: UInt64 = 1) -> UnseenConfiguration {
    UnseenConfiguration(
      version: "1", datasetHash: "d", benchmarks: ["planted"], holdOut: holdOut,
      encoder: PlantedSpecialists.encoder, labels: [5, 20, 5], factors: 1, llms: 100, seed: seed)
  }

  /// Folds that are there are read, not made again; the tables are the same as of a run that never stopped.
  @Test func goesOnWithTheFoldsThatAreThere() throws {
    let scratch = try TemporaryFolder()
    let configuration = Self.configuration()
    let experiment = try UnseenExperiment(PlantedSpecialists.dataset(), configuration: configuration)
    var heard: [Int] = []
    let whole = try experiment.results(
      saving: UnseenFolder(scratch["whole"], configuration: configuration)
    ) { heard.append($0) }
    #expect(heard == Array(1...experiment.foldCount) && !whole.isEmpty)
    do {
      let folder = try UnseenFolder(scratch["again"], configuration: configuration)
      try folder.save(whole.filter { $0.fold == whole[0].fold && $0.labels == 0 }, fold: 0)
      #expect(throws: FileError.self) { try FinishedUnseen(scratch["again"]) }
      let again = try experiment.results(saving: folder)
      #expect(again == whole.filter { $0.fold != whole[0].fold || $0.labels == 0 })
      try FileManager.default.removeItem(atPath: scratch["again/folds/0.csv"])
      #expect(try experiment.results(saving: folder) == whole)
      try folder.save(whole.filter { $0.fold != whole[0].fold }, fold: 0)
      #expect(throws: FileError(scratch["again/folds/0.csv"], "holds results of another fold; remove it")) {
        try experiment.results(saving: folder)
      }
    }
    for name in ["unseen.csv", "summary.csv", "run.json"] {
      #expect(
        try ByteRegion(mapping: scratch["again/\(name)"]).array
          == ByteRegion(mapping: scratch["whole/\(name)"]).array, "\(name)")
    }
    let finished = try FinishedUnseen(scratch["again"])
    #expect(finished.configuration == configuration && finished.configuration.labels == [5, 20])
    #expect(finished.summaries == UnseenSummary.of(whole))
    #expect(throws: FileError(scratch["again"], "holds another run: seed differ; choose another folder")) {
      try UnseenFolder(scratch["again"], configuration: Self.configuration(seed: 2))
    }
    // Each kind of run is told from the other by its folder.
    let runs = try FinishedRuns([scratch["whole"], scratch["again"]])
    #expect(runs.placements.isEmpty && runs.unseen.map(\.path) == [scratch["whole"], scratch["again"]])
    #expect(throws: FileError.self) { try FinishedPlacements(scratch["whole"]) }
    #expect(throws: FileError.self) {
      try PlacementFolder(scratch["whole"], configuration: MadeUp.configuration())
    }
  }

  @Test func resultsComeBackAsTheyWere() throws {
    let scratch = try TemporaryFolder()
    let results = [
      UnseenResult(
        fold: "a, \"b\"", method: "average", labels: 0, queries: 40,
        quality: PredictionQuality(logLoss: 0.6931471805599453, ratios: [3: 1.01, 10: 0.98])),
      UnseenResult(
        fold: "c", method: UnseenResult.shift, labels: 5, queries: 7,
        quality: PredictionQuality(logLoss: 0.1, ratios: [:])),
    ]
    try AtomicFile.write(UnseenTable.csv(results), to: scratch["u.csv"])
    #expect(try UnseenTable.read(scratch["u.csv"]) == results)
    let header = UnseenTable.csv([])
    for (line, reason) in [
      ("f,best,0,40,0.5,1,1,1", "method 'best'"), ("f,map,-1,40,0.5,1,1,1", "number of labels"),
      ("f,map,0,40,,1,1,1", "log_loss is empty"), ("f,map,0,40,0.5,inf,1,1", "'inf'"),
      ("f,map,0,40,0.5,1,-1,1", "'-1'"),
    ] {
      try AtomicFile.write(header + line + "\n", to: scratch["bad.csv"])
      let error = #expect(throws: FileError.self) { try UnseenTable.read(scratch["bad.csv"]) }
      #expect(error?.description.contains("line 2") == true && error?.description.contains(reason) == true)
    }
  }
}
