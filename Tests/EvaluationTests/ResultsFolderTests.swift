import Baselines
import FileFormats
import Foundation
import Metrics
import NumericKernels
import RoutingData
import Synchronization
import TestSupport
import Testing

@testable import Evaluation

@Suite struct ResultsFolderTests {
  let table: TableBenchmark
  let dataset: Dataset
  let grid = EvaluationGrid(sizes: [2, 3, 7], bootstrap: Bootstrap(resamples: 30))
  let scratch: TemporaryFolder

  init() throws {
    table = try TableBenchmark.random(queryCount: 60, llmCount: 6, seed: 6)
    dataset = try table.dataset()
    scratch = try TemporaryFolder()
  }

  struct Stopped: Error {}

  func configuration(version: String = "1", routers: [String] = ["oracle"]) -> RunConfiguration {
    RunConfiguration(
      version: version, datasetHash: "d", benchmarks: ["random"], encoder: nil,
      routers: routers.map { RunConfiguration.RouterEntry(router: $0, sha256: nil) }, grid: grid)
  }

  /// Runs into a folder; `stopping` after so many cells throws where the next one would begin.
  @discardableResult
  func run(_ name: String, stopping limit: Int = .max) throws -> [String] {
    let folder = try ResultsFolder(scratch[name], configuration: configuration())
    let made = Mutex<[String]>([])
    _ = try grid.evaluate(
      grid.plan(dataset.benchmarks, of: dataset), embeddings: { _ in table.embeddings },
      prepare: { benchmark, _ in
        { pool in
          try made.withLock {
            if $0.count == limit { throw Stopped() }
            $0.append("\(pool.size)_\(pool.group.rawValue)")
          }
          return [OracleRouter([benchmark], catalog: dataset.catalog), RandomRouter()]
        }
      }, saving: folder)
    return made.withLock { $0 }
  }

  func files(_ name: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: scratch[name]) {
      let whole = "\(scratch[name])/\(path)"
      if let bytes = try? ByteRegion(mapping: whole).array { files[path] = bytes }
    }
    return files
  }

  @Test func aStoppedRunGoesOnAndEndsWithTheSameFiles() throws {
    #expect(try run("whole").count == 6)
    let whole = try files("whole")
    #expect(
      whole.keys.sorted().filter { !$0.hasPrefix("cells") } == ["results.csv", "run.json", "skipped.json"])
    #expect(whole.keys.filter { $0.hasPrefix("cells/random/") }.count == 2 * 6)

    #expect(throws: Stopped.self) { try run("stopped", stopping: 2) }
    let part = try files("stopped")
    #expect(part["results.csv"] == nil)
    #expect(part.keys.filter { $0.hasPrefix("cells/") }.count == 2 * 2)
    // Only what is missing is done.
    #expect(try run("stopped").count == 4)
    #expect(try files("stopped") == whole)
    #expect(try run("stopped") == [])
    #expect(try files("stopped") == whole)
  }

  @Test func aRunThatEndsBeforeItsFirstCellLeavesNothing() throws {
    #expect(throws: Stopped.self) { try run("refused", stopping: 0) }
    #expect(!FileManager.default.fileExists(atPath: scratch["refused"]))
    #expect(throws: Stopped.self) { try run("begun", stopping: 1) }
    #expect(try files("begun")["run.json"] != nil)
  }

  @Test func whatAKilledRunLeftHalfWrittenIsRemoved() throws {
    try FileManager.default.createDirectory(
      atPath: "\(scratch["run"])/cells/random", withIntermediateDirectories: true)
    for name in [".run.json.tmp-71-3", "cells/random/.2_all_weak.json.tmp-71-4"] {
      try AtomicFile.write("half", to: "\(scratch["run"])/\(name)")
    }
    // Files below `cells` without run.json are somebody else's.
    #expect(throws: FileError.self) { try run("run") }
    try FileManager.default.removeItem(atPath: "\(scratch["run"])/cells")
    try run("run")
    try run("whole")
    try AtomicFile.write("half", to: "\(scratch["run"])/cells/random/.2_all_weak.json.tmp-71-4")
    try run("run")
    #expect(try files("run") == files("whole"))
  }

  /// Two processes are tried end to end; a lock that went leaves a folder that can be filled again.
  @Test func aFolderIsFreeAgainWhenItsRunHasEnded() throws {
    try run("other")
    try run("other")
  }

  @Test func aRunOnTestIsNotTakenForOneOnValidation() throws {
    try run("run")
    let other = EvaluationGrid(sizes: grid.sizes, measured: .validation, bootstrap: grid.bootstrap)
    #expect(throws: FileError(scratch["run"], "holds another run: split differ; choose another folder")) {
      try ResultsFolder(
        scratch["run"],
        configuration: RunConfiguration(
          version: "1", datasetHash: "d", benchmarks: ["random"], encoder: nil,
          routers: [RunConfiguration.RouterEntry(router: "oracle", sha256: nil)], grid: other))
    }
  }

  @Test func refusesAnotherRunAndOtherFolders() throws {
    try run("run")
    let before = try files("run")
    #expect(
      throws: FileError(scratch["run"], "holds another run: routers, version differ; choose another folder")
    ) {
      try ResultsFolder(
        scratch["run"], configuration: configuration(version: "2", routers: ["oracle", "random"]))
    }
    #expect(try files("run") == before)
    try FileManager.default.createDirectory(atPath: scratch["other"], withIntermediateDirectories: true)
    try AtomicFile.write("x", to: "\(scratch["other"])/x")
    #expect(
      throws: FileError(scratch["other"], "is no results folder: it has other contents and no run.json")
    ) { try ResultsFolder(scratch["other"], configuration: configuration()) }
    #expect(throws: FileError.self) {
      try ResultsFolder("\(scratch["other"])/x", configuration: configuration())
    }
  }

  @Test func aDamagedOrStrangeCellIsNamed() throws {
    try run("run")
    let cell = "\(scratch["run"])/cells/random/2_all_weak.json"
    let good = try ByteRegion(mapping: cell).array
    try AtomicFile.write(Array(good.prefix(100)), to: cell)
    #expect(try #require(throws: FileError.self) { try run("run") }.path == cell)
    try AtomicFile.write(
      ByteRegion(mapping: "\(scratch["run"])/cells/random/3_all_weak.json").array, to: cell)
    #expect(throws: FileError(cell, "is the result of another pool; remove it")) { try run("run") }
  }
}
