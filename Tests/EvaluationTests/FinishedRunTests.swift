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

  @Test func twoRoutersOfOneNameAreNamed() throws {
    let cell = "\(scratch["run"])/cells/random/3_all_weak.json"
    let text = String(decoding: try ByteRegion(mapping: cell).array, as: UTF8.self)
    let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let routers = try #require(object["routers"] as? [Any])
    func write(_ routers: [Any]) throws {
      let changed = object.merging(["routers": routers]) { $1 }
      try AtomicFile.write(Array(JSONSerialization.data(withJSONObject: changed)), to: cell)
    }
    try write(routers + routers)
    #expect(
      try reason(scratch["run"])
        == "\(cell): has two routers named 'oracle'; remove it and run 'rs-eval benchmark' again")
    // Names are bytes: ohm and omega are two.
    var (ohm, omega) = try (
      #require(routers[0] as? [String: Any]), #require(routers[0] as? [String: Any])
    )
    ohm["name"] = "\u{2126}"
    omega["name"] = "\u{03A9}"
    try write([ohm, omega])
    let run = try FinishedRun(scratch["run"])
    #expect(HolmAdjustment(run.cells).pValue(cell: 0, router: "oracle") != nil)
    #expect(GridSummary.summaries(of: run.cells).filter { $0.size == 3 }.count == 3)
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
