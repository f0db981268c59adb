import FileFormats
import Foundation
import RoutingData
import TestSupport
import Testing

@testable import ColdStart

/// Routing with held-out LLMs on planted specialists.
@Suite struct RoutingExperimentTests {
  private func routed(counts: [Int], folds: Int = 2) throws -> [RoutedLLM] {
    let dataset = try PlantedSpecialists.dataset()
    let experiment = try LLMExperiment(
      dataset.benchmarks[0], catalog: dataset.catalog, holdOut: .family, policies: [.adaptive],
      counts: counts, factors: 2, mostLLMs: 12, seed: 1)
    var pools = try RoutingExperiment(experiment, encoder: PlantedSpecialists.encoder)
    return try (0..<folds).flatMap { try pools.routed(fold: $0) }
  }

  @Test func fewAnswersReachMostOfTheValue() throws {
    let routed = try routed(counts: [5, 40], folds: 6)
    #expect(!routed.isEmpty)
    let summaries = RoutingSummary.of(routed).filter { $0.size == 3 }
    let few = try #require(summaries.first { $0.answers == 40 })
    #expect(few.gain.value > 0)
    #expect((few.share?.value ?? 0) > 0.5)
    #expect(few.withRatio.value > 0.97)
  }

  @Test func allAnswersAreFullInformation() throws {
    // 432 queries train and validate: asked of all of them, nothing is imputed.
    let seen = try PlantedSpecialists.dataset().benchmarks[0].split.parts.filter { $0 != .test }.count
    for row in try routed(counts: [seen]) { #expect(abs(row.with - row.full) < 1e-9) }
  }

  @Test func poolsComeBackAsTheyWere() throws {
    let scratch = try TemporaryFolder()
    let routed = try routed(counts: [5])
    try AtomicFile.write(RoutingTable.csv(routed), to: scratch["r.csv"])
    #expect(try RoutingTable.read(scratch["r.csv"]) == routed && !routed.isEmpty)
    let header = RoutingTable.csv([])
    for (line, reason) in [
      ("../b,f,l,3,0,5,0,0,0,0,0,0", "'../b' is no benchmark"),
      ("b,f,l,-3,0,5,0,0,0,0,0,0", "number of LLMs"), ("b,f,l,3,0,5,0,0,0,0,0,1.1", "'1.1'"),
      ("b,f,l,3,0,5,nan,0,0,0,0,1", "'nan'"),
    ] {
      try AtomicFile.write(header + line + "\n", to: scratch["bad.csv"])
      let error = #expect(throws: FileError.self) { try RoutingTable.read(scratch["bad.csv"]) }
      #expect(error?.description.contains("line 2") == true && error?.description.contains(reason) == true)
    }
  }

  /// Pools are saved fold by fold like estimates; a run that stopped ends with the same bytes.
  @Test func goesOnWithTheFoldsThatAreThere() throws {
    let scratch = try TemporaryFolder()
    let dataset = try PlantedSpecialists.dataset()
    func run(_ path: String, routing: Bool = true) throws -> PlacementResult {
      let configuration = PlacementConfiguration(
        version: "1", datasetHash: nil, benchmarks: ["planted"], holdOut: .frontier, answers: [5],
        policies: [.fixed(.random)], factors: 1, llms: 6, seed: 0,
        routing: routing ? [PlantedSpecialists.encoder] : nil)
      let run = try PlacementRun(configuration, benchmarks: dataset.benchmarks, catalog: dataset.catalog)
      var heard = 0
      let folder = try PlacementFolder(path, configuration: configuration)
      let result = try run.result(saving: folder) { heard = $0 }
      #expect(heard == run.foldCount && heard == (routing ? 2 : 1))
      return result
    }
    let whole = try run(scratch["run"])
    #expect(!whole.routed.isEmpty && !whole.routing.isEmpty)
    let table = try ByteRegion(mapping: scratch["run/routing.csv"]).array
    // What is there is read: a fold that says less gives less.
    let fold = scratch["run/routing/planted/0.csv"]
    try AtomicFile.write(RoutingTable.csv(Array(whole.routed.prefix(3))), to: fold)
    #expect(try run(scratch["run"]).routed == Array(whole.routed.prefix(3)))
    try FileManager.default.removeItem(atPath: fold)
    #expect(try run(scratch["run"]).routed == whole.routed)
    #expect(try ByteRegion(mapping: scratch["run/routing.csv"]).array == table)
    let finished = try FinishedPlacements(scratch["run"])
    #expect(finished.result.routed == whole.routed)
    #expect(throws: FileError(scratch["run"], "holds another run: routing differ; choose another folder")) {
      try run(scratch["run"], routing: false)
    }
    let bare = try run(scratch["bare"], routing: false)
    #expect(bare.routed.isEmpty && bare.estimates == whole.estimates)
    #expect(!FileManager.default.fileExists(atPath: scratch["bare/routing.csv"]))
  }

  /// What can't be routed is found before LLMs are placed.
  @Test func whatCannotBeRoutedIsRefusedBeforeTheWork() throws {
    let table = try TableBenchmark.random(queryCount: 24, llmCount: 12, seed: 3)
    let own = try Benchmark(
      name: table.benchmark.name, queries: table.benchmark.queries, llms: table.benchmark.llms,
      responses: table.benchmark.responses, split: Split(parts: Array(repeating: .train, count: 24)))
    let configuration = PlacementConfiguration(
      version: "1", datasetHash: nil, benchmarks: [own.name], holdOut: .family, answers: [5],
      policies: [.fixed(.random)], factors: 1, llms: 6, seed: 0, routing: ["e"])
    let error = #expect(throws: DataError.self) {
      try PlacementRun(configuration, benchmarks: [own], catalog: table.catalog)
    }
    #expect(error?.description.contains("routing needs train, validation and test queries") == true)
  }
}
