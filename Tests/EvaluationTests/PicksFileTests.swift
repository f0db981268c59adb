import Baselines
import FileFormats
import Foundation
import Metrics
import RoutingData
import TestSupport
import Testing

@testable import Evaluation

/// Per-query picks as other programs read them.
@Suite struct PicksFileTests {
  let table: TableBenchmark
  let dataset: Dataset
  let scratch: TemporaryFolder
  let grid = EvaluationGrid(sizes: [2, 5], bootstrap: Bootstrap(resamples: 20))

  init() throws {
    table = try TableBenchmark.random(queryCount: 100, llmCount: 6, seed: 6)
    dataset = try table.dataset()
    scratch = try TemporaryFolder()
  }

  /// Evaluates with picks going to a file, and into a results folder if one is named.
  func evaluate(_ name: String, into folder: String? = nil, replacing: Bool = false) throws -> GridResult {
    let file = try PicksFile(scratch[name], inputs: [], replacing: replacing)
    let plan = grid.plan(dataset.benchmarks, of: dataset)
    let configuration = RunConfiguration(
      version: "1", datasetHash: "d", benchmarks: ["random"], encoder: nil,
      routers: ["oracle", "random"].map { RunConfiguration.RouterEntry(router: $0, sha256: nil) }, grid: grid)
    let result = try grid.evaluate(
      plan, embeddings: { _ in table.embeddings },
      prepare: { benchmark, _ in
        { _ in [OracleRouter([benchmark], catalog: dataset.catalog), RandomRouter()] }
      }, saving: folder.map { try ResultsFolder(scratch[$0], configuration: configuration) },
      onPicks: { file.add($0, $1) })
    try file.write(inOrderOf: plan)
    return result
  }

  @Test func rowsAddUpToTheMeans() throws {
    let result = try evaluate("picks.csv")
    let reader = try CSVReader(path: scratch["picks.csv"])
    #expect(
      reader.header == [
        "benchmark", "query", "part", "m", "group", "router", "llm", "response", "best_response",
        "probability",
      ])
    var sums: [String: Double] = [:]
    var oracle: [String: Double] = [:]
    try reader.forEachRow { (fields, _) throws(FileError) in
      let key = "\(fields[3]) \(fields[4]) \(fields[5])"
      let chance = Double(fields[9]) ?? .nan
      sums[key, default: 0] += chance * (Double(fields[7]) ?? .nan)
      oracle[key, default: 0] += chance * (Double(fields[8]) ?? .nan)
    }
    for cell in result.cells {
      for router in cell.routers {
        let key = "\(cell.size) \(cell.group.rawValue) \(router.name)"
        #expect(abs((sums[key] ?? .nan) / Double(cell.queryCount) - router.mu.value) < 1e-6, "\(key)")
        let best = cell.router(named: "oracle")?.mu.value ?? .nan
        #expect(abs((oracle[key] ?? .nan) / Double(cell.queryCount) - best) < 1e-6, "\(key)")
      }
    }
  }

  @Test func aRunThatIsReadAgainGivesTheSameBytes() throws {
    _ = try evaluate("first.jsonl", into: "run")
    _ = try evaluate("second.jsonl", into: "run")
    let first = try ByteRegion(mapping: scratch["first.jsonl"]).array
    #expect(try first == ByteRegion(mapping: scratch["second.jsonl"]).array)
    #expect(String(decoding: first.prefix(13), as: UTF8.self) == "{\"benchmark\":")
  }

  @Test func whatIsThereIsReplacedOnlyWhenAsked() throws {
    _ = try evaluate("picks.csv")
    let error = #expect(throws: FileError.self) { try evaluate("picks.csv") }
    #expect(error?.description.contains("replace it with --overwrite") == true)
    _ = try evaluate("picks.csv", replacing: true)
    #expect(throws: FileError.self) { try evaluate("picks.txt") }
  }
}
