import Baselines
import FileFormats
import Foundation
import Metrics
import RoutingData
import TestSupport
import Testing

@testable import Evaluation

@Suite struct FinishedRunTests {
  let scratch: TemporaryFolder
  let result: GridResult

  init() throws {
    scratch = try TemporaryFolder()
    let table = try TableBenchmark.random(queryCount: 60, llmCount: 6, seed: 6)
    let dataset = try table.dataset()
    let grid = EvaluationGrid(sizes: [2, 3, 7], bootstrap: Bootstrap(resamples: 30))
    let folder = try ResultsFolder(
      scratch["run"],
      configuration: RunConfiguration(
        version: "1", datasetHash: "aaaa", benchmarks: ["random"], encoder: nil,
        routers: [RunConfiguration.RouterEntry(router: "oracle", sha256: nil)], grid: grid))
    result = try grid.evaluate(
      grid.plan(dataset.benchmarks, of: dataset), embeddings: { _ in table.embeddings },
      prepare: { benchmark, _ in { _ in [OracleRouter([benchmark], catalog: dataset.catalog)] } },
      saving: folder)
  }

  func reason(_ path: String) throws -> String {
    try #require(throws: FileError.self) { try FinishedRun(path) }.description
  }

  @Test func readsWhatWasWritten() throws {
    let run = try FinishedRun(scratch["run"])
    #expect(run.cells == result.cells && run.cells.count == 6)
    #expect(run.skipped == result.skipped && run.skipped.count == 3)
    #expect(run.configuration.sizes == [2, 3, 7])
  }

  @Test func aRunThatIsNotFinishedSaysHowMuchIsThere() throws {
    try FileManager.default.removeItem(atPath: "\(scratch["run"])/results.csv")
    try FileManager.default.removeItem(atPath: "\(scratch["run"])/cells/random/3_all_weak.json")
    #expect(
      try reason(scratch["run"])
        == "\(scratch["run"]): is a run that is not finished: 5 of 9 cells are there; run 'rs-eval benchmark' "
        + "with the same options again to do the rest")
  }

  @Test func otherFoldersAndDamageAreNamed() throws {
    #expect(try reason(scratch["nothing"]).hasSuffix("nothing: there is no such results folder"))
    #expect(try reason(scratch.path).hasSuffix("is no results folder: it has no run.json"))
    let cells = "\(scratch["run"])/cells/random"
    try JSONFile.write(result.cells[0], to: "\(cells)/3_all_weak.json")
    #expect(try reason(scratch["run"]).contains("3_all_weak.json: is the result of another pool"))
    try AtomicFile.write("{}", to: "\(cells)/3_all_weak.json")
    #expect(try reason(scratch["run"]).hasPrefix("\(cells)/3_all_weak.json: "))
    try FileManager.default.removeItem(atPath: "\(cells)/3_all_weak.json")
    #expect(try reason(scratch["run"]).contains("3_all_weak.json: is missing"))
  }

  @Test func theDatasetIsChecked() throws {
    let run = try FinishedRun(scratch["run"])
    try run.requireDataset(hash: "aaaa", folder: "data")
    #expect(
      throws: FileError(
        scratch["run"], "is a run on another dataset (sha256 aaaa…) than data (sha256 bbbb…)")
    ) { try run.requireDataset(hash: "bbbb", folder: "data") }
    #expect(throws: FileError.self) { try run.requireDataset(hash: nil, folder: "data") }
  }
}
