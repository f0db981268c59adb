import Baselines
import FileFormats
import Foundation
import Metrics
import NumericKernels
import Routing
import RoutingData
import Synchronization
import TestSupport
import Testing

@testable import Evaluation

/// A finished run gains routers: what it has stays, and the whole equals a run that had them all.
@Suite struct GainedRoutersTests {
  let table: TableBenchmark
  let dataset: Dataset
  let grid = EvaluationGrid(sizes: [2, 3, 5], bootstrap: Bootstrap(resamples: 300))
  let scratch: TemporaryFolder

  init() throws {
    table = try TableBenchmark.random(queryCount: 400, llmCount: 6, seed: 6)
    dataset = try table.dataset()
    scratch = try TemporaryFolder()
  }

  struct Stopped: Error {}

  static let all = ["oracle", "random", "best-single", "mix:0.5"]

  func router(_ name: String, _ benchmark: Benchmark) throws -> any Router {
    switch name {
    case "oracle": OracleRouter([benchmark], catalog: dataset.catalog)
    case "random": RandomRouter()
    case "best-single": BestSingleRouter([benchmark], catalog: dataset.catalog)
    default: try MixRouter(oracleShare: 0.5, name: name, [benchmark], catalog: dataset.catalog)
    }
  }

  func configuration(_ routers: [String], dataset: String = "d", encoder: String? = nil) -> RunConfiguration {
    RunConfiguration(
      version: "1", datasetHash: dataset, benchmarks: ["random"], encoder: encoder,
      routers: routers.map { RunConfiguration.RouterEntry(router: $0, sha256: nil) }, grid: grid)
  }

  /// Evaluates routers into a folder, stopping where the cell after so many would begin; the number of cells made.
  @discardableResult
  func evaluate(_ names: [String], into folder: ResultsFolder, stopping limit: Int = .max) throws -> Int {
    let made = Mutex(0)
    _ = try grid.evaluate(
      grid.plan(dataset.benchmarks, of: dataset), embeddings: { _ in table.embeddings },
      prepare: { benchmark, _ in
        { _ in
          try made.withLock {
            if $0 == limit { throw Stopped() }
            $0 += 1
          }
          return try names.map { try router($0, benchmark) }
        }
      }, saving: folder)
    return made.withLock { $0 }
  }

  func begin(_ names: [String], _ path: String) throws {
    try evaluate(names, into: ResultsFolder(scratch[path], configuration: configuration(names)))
  }

  func gain(_ names: [String], _ path: String, stopping limit: Int = .max) throws -> Int {
    try evaluate(
      names,
      into: ResultsFolder(
        scratch[path], gaining: names, configuration: configuration(names)), stopping: limit)
  }

  func files(_ name: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: scratch[name]) {
      let whole = "\(scratch[name])/\(path)"
      if let bytes = try? ByteRegion(mapping: whole).array { files[path] = bytes }
    }
    return files
  }

  @Test(arguments: [1, 2, 3]) func equalsARunThatHadAllToTheByte(count: Int) throws {
    try begin(Self.all, "whole")
    try begin(Array(Self.all.prefix(count)), "grown")
    let before = try FinishedRun(scratch["grown"]).cells
    #expect(try gain(Array(Self.all.dropFirst(count)), "grown") == before.count)
    let (whole, grown) = (try files("whole"), try files("grown"))
    #expect(whole.keys.sorted() == grown.keys.sorted())
    for (name, bytes) in whole { #expect(grown[name] == bytes, "\(name)") }
    for (old, new) in zip(before, try FinishedRun(scratch["grown"]).cells) {
      #expect(Array(new.routers.prefix(count)) == old.routers)
    }
  }

  @Test func goesOnWhereItWasKilled() throws {
    try begin(Self.all, "whole")
    try begin(["oracle", "random"], "grown")
    #expect(throws: Stopped.self) { try gain(["best-single", "mix:0.5"], "grown", stopping: 4) }
    let unfinished = #expect(throws: FileError.self) { try FinishedRun(scratch["grown"]) }
    #expect(unfinished?.description.contains("--add-routers") == true)
    // The routers that the run began with can't go on alone, nor all of them as if they had begun.
    for names in [["oracle", "random"], Self.all] {
      let error = #expect(throws: FileError.self) { try begin(names, "grown") }
      #expect(error.map { $0.description.contains("routers") } == true)
    }
    #expect(try gain(["best-single", "mix:0.5"], "grown") == 9 - 4)
    #expect(try files("whole") == files("grown"))
    // Once more does nothing.
    #expect(try gain(["best-single", "mix:0.5"], "grown") == 0)
    #expect(try files("whole") == files("grown"))
  }

  @Test func anotherRunIsRefusedWithWhatDiffers() throws {
    try begin(["oracle"], "run")
    let before = try files("run")
    let other = EvaluationGrid(sizes: [2, 3], seed: 7, bootstrap: Bootstrap(resamples: 300, seed: 7))
    let pools = RunConfiguration(
      version: "2", datasetHash: "d", benchmarks: ["random"], encoder: nil,
      routers: [RunConfiguration.RouterEntry(router: "random", sha256: nil)], grid: other)
    for (configuration, words) in [
      (configuration(["random"], dataset: "e"), ["is a run on another dataset"]),
      (pools, ["bootstrap, pools, version differ"]),
    ] {
      let error = #expect(throws: FileError.self) {
        try ResultsFolder(scratch["run"], gaining: ["random"], configuration: configuration)
      }
      for word in words { #expect(error?.description.contains(word) == true) }
    }
    // An encoder that no router of the run needed is no difference.
    _ = try ResultsFolder(
      scratch["run"], gaining: ["random"], configuration: configuration(["random"], encoder: "e5"))
    #expect(try files("run") == before)
  }

  @Test func unfinishedRunsAndThoseWithoutPicksAreRefused() throws {
    try begin(["oracle"], "run")
    try FileManager.default.removeItem(atPath: scratch["run/cells/random/3_all_weak.npz"])
    let old = #expect(throws: FileError.self) { try gain(["random"], "run") }
    #expect(old?.description.contains("evaluate again") == true)
    try FileManager.default.removeItem(atPath: scratch["run/cells/random/3_all_weak.json"])
    let error = #expect(throws: FileError.self) { try gain(["random"], "run") }
    #expect(error?.description.contains("not finished") == true)
  }

  @Test func picksComeBackAsTheyWere() throws {
    try begin(Self.all, "run")
    let cell = try FinishedRun(scratch["run"]).cells[4]
    let path = scratch["run/cells/random/\(cell.size)_\(cell.group.rawValue).npz"]
    let picks = try CellPicks(path: path, candidates: cell.size)
    #expect(picks.routers.map(\.router) == Self.all)
    #expect(picks.queries.count == cell.queryCount)
    for (stored, result) in zip(picks.routers, cell.routers) {
      #expect(ShiftedMean.of(stored.rewards) == result.mu.value)
    }
    guard case .shared(let random) = picks.routers[1].picks, case .single = picks.routers[2].picks else {
      Issue.record("random shares, best-single does not")
      return
    }
    #expect(random.rows == 1)
    #expect(throws: FileError.self) { try CellPicks(path: path, candidates: cell.size - 1) }
  }
}
