import FileFormats
import Foundation
import RoutingData
import TestSupport
import Testing

@testable import ColdStart

/// Runs on small random tables; how well LLMs are placed is tried elsewhere.
@Suite struct PlacementRunTests {
  private static let counts = [3, 6]

  private func run(_ benchmarks: [Benchmark], catalog: LLMCatalog) throws -> PlacementRun {
    try PlacementRun(
      PlacementConfiguration(
        version: "1", datasetHash: nil, benchmarks: benchmarks.map(\.name), holdOut: .family,
        answers: Self.counts, policies: [.fixed(.random)], factors: 1, llms: 100, seed: 0),
      benchmarks: benchmarks, catalog: catalog)
  }

  /// Folds that are there are read, not made again; the tables are the same as of a run that never stopped.
  @Test func goesOnWithTheFoldsThatAreThere() throws {
    let scratch = try TemporaryFolder()
    let table = try TableBenchmark.random(queryCount: 24, llmCount: 12, seed: 3)
    let configuration = MadeUp.configuration()
    let run = try run([table.benchmark], catalog: table.catalog)
    #expect(run.foldCount > 1 && run.skipped.isEmpty)
    var heard: [Int] = []
    let whole = try run.result(
      saving: PlacementFolder(scratch["whole"], configuration: configuration)
    ) { heard.append($0) }
    #expect(heard == Array(1...run.foldCount))
    #expect(Set(whole.estimates.map(\.answers)) == Set(Self.counts + [0]))
    // Every estimator by every number of answers; and without any, what is known of all LLMs and what metadata say.
    #expect(whole.estimates.count == 12 * (2 * EstimatorName.allCases.count + 2))

    let folder = try PlacementFolder(scratch["again"], configuration: configuration)
    let marked = whole.estimates.prefix(1).map {
      PlacedLLM(
        benchmark: $0.benchmark, fold: "marked", llm: $0.llm, anchors: $0.anchors, estimator: $0.estimator,
        answers: $0.answers, truth: $0.truth, estimate: $0.estimate, low: $0.low, high: $0.high)
    }
    try folder.save(marked, benchmark: table.benchmark.name, fold: 0)
    let again = try run.result(saving: folder)
    #expect(again.estimates.first?.fold == "marked" && again.estimates.count < whole.estimates.count)
    try FileManager.default.removeItem(atPath: "\(scratch["again"])/folds/\(table.benchmark.name)/0.csv")
    _ = try run.result(saving: folder)
    for name in ["estimates.csv", "summary.csv", "skipped.json"] {
      #expect(
        try ByteRegion(mapping: "\(scratch["again"])/\(name)").array
          == ByteRegion(mapping: "\(scratch["whole"])/\(name)").array, "\(name)")
    }
  }

  /// One benchmark that is too small does not keep others from being measured; alone it is an error.
  @Test func benchmarksThatAreTooSmallAreNamed() throws {
    let table = try TableBenchmark.random(queryCount: 24, llmCount: 12, seed: 3)
    let tiny = try TableBenchmark(
      name: "tiny", Array(repeating: Array(repeating: 1, count: 12), count: 2), parts: [.train, .test])
    let both = try run([tiny.benchmark, table.benchmark], catalog: table.catalog)
    #expect(both.skipped.map(\.benchmark) == ["tiny"] && both.foldCount > 0)
    #expect(both.skipped.first?.reason.contains("2 queries") == true)
    let error = #expect(throws: DataError.self) { try run([tiny.benchmark], catalog: table.catalog) }
    #expect(error?.description.hasPrefix("nothing to place: benchmark 'tiny'") == true)
  }
}
