import Baselines
import FileFormats
import Foundation
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Evaluation

/// Differences of routers from a run folder alone.
@Suite struct RouterComparisonTests {
  /// A router under another name.
  struct Renamed: Router {
    let base: any Router
    let name: String
    var encoder: String? { base.encoder }
    var policy: (any Policy)? { base.policy }

    func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
      try base.scores(for: batch, among: candidates)
    }
  }

  let scratch: TemporaryFolder
  let grid = EvaluationGrid(sizes: [2, 3, 5], bootstrap: Bootstrap(resamples: 200))

  init() throws { scratch = try TemporaryFolder() }

  /// A finished run of the oracle, random picks, the same again and the best single LLM.
  func run(_ name: String, dataset hash: String = "d", seed: UInt64 = 6) throws -> ComparedRun {
    let table = try TableBenchmark.random(queryCount: 400, llmCount: 6, seed: seed)
    let dataset = try table.dataset()
    let configuration = RunConfiguration(
      version: "1", datasetHash: hash, benchmarks: ["random"], encoder: nil,
      routers: ["oracle", "random", "again", "best-single"].map {
        RunConfiguration.RouterEntry(router: $0, sha256: nil)
      }, grid: grid)
    _ = try grid.evaluate(
      grid.plan(dataset.benchmarks, of: dataset), embeddings: { _ in table.embeddings },
      prepare: { benchmark, _ in
        { _ in
          [
            OracleRouter([benchmark], catalog: dataset.catalog), RandomRouter(),
            Renamed(base: RandomRouter(), name: "again"),
            BestSingleRouter([benchmark], catalog: dataset.catalog),
          ]
        }
      }, saving: ResultsFolder(scratch[name], configuration: configuration))
    return try ComparedRun(FinishedRun(scratch[name]))
  }

  func compare(_ run: ComparedRun, _ first: String, _ second: String) throws -> RouterComparison {
    try RouterComparison([
      RouterComparison.Pair(
        RouterComparison.Side(first, of: run), minus: RouterComparison.Side(second, of: run))
    ])
  }

  @Test func routersThatPickAlikeDoNotDiffer() throws {
    let run = try run("run")
    for row in try compare(run, "random", "again").rows + compare(run, "oracle", "oracle").rows {
      #expect(row.difference == Estimate(0, Interval(low: 0, high: 0)))
      #expect(row.pValue == 1 && row.adjustedPValue == 1)
    }
  }

  @Test func changingPlacesNegates() throws {
    let run = try run("run")
    for pair in [("oracle", "random"), ("random", "best-single")] {
      let there = try compare(run, pair.0, pair.1).rows
      let back = try compare(run, pair.1, pair.0).rows
      #expect(there.count == 9 + 3 + 1)
      for (one, other) in zip(there, back) {
        #expect(one.difference.value == -other.difference.value)
        #expect(one.difference.low == other.difference.high.map { -$0 })
        #expect(one.difference.high == other.difference.low.map { -$0 })
        #expect(one.pValue == other.pValue && one.adjustedPValue == other.adjustedPValue)
      }
    }
  }

  @Test func agreesWithTheCellsOwnDifferencesAndTheirMean() throws {
    let run = try run("run")
    let comparison = try compare(run, "random", "best-single")
    let cells = comparison.rows(.cell)
    for (row, cell) in zip(cells, run.run.cells) {
      let own = try #require(
        cell.differences.first { $0.first == "random" && $0.second == "best-single" }?.difference)
      #expect(abs(row.difference.value - own.mu.value) < 1e-12)
      #expect(abs((row.difference.low ?? 9) - (own.mu.low ?? 8)) < 1e-5)
      #expect(abs((row.difference.high ?? 9) - (own.mu.high ?? 8)) < 1e-5)
      #expect(abs(row.pValue - own.pValue) < 0.011)
    }
    let mean = cells.reduce(0) { $0 + $1.difference.value } / Double(cells.count)
    let all = try #require(comparison.rows(.all).first)
    #expect(abs(all.difference.value - mean) < 1e-12)
    #expect(all.cells == 9 && all.queries == cells[0].queries && all.group == nil)
    // Pools of one benchmark are measured on the same queries: their mean is surer than a pool, but not as if the
    // queries were others each time.
    let widths = (cells + [all]).map { ($0.difference.high ?? 0) - ($0.difference.low ?? 0) }
    let largest = widths.dropLast().max() ?? 0
    #expect(widths[9] < largest && widths[9] > largest / 9)
  }

  @Test func holmIsOverTheRowsOfAnExtent() throws {
    let run = try run("run")
    let baseline = RouterComparison.Side("best-single", of: run)
    let comparison = try RouterComparison(
      ["oracle", "random"].map {
        RouterComparison.Pair(RouterComparison.Side($0, of: run), minus: baseline)
      })
    for extent in RouterComparison.Extent.allCases {
      let rows = comparison.rows(extent)
      #expect(rows.map(\.adjustedPValue) == HolmAdjustment.adjusted(rows.map(\.pValue)))
    }
    #expect(comparison.rows(.cell).count == 18)
    let lines = comparison.csv.split(separator: "\n")
    #expect(lines.count == 1 + comparison.rows.count)
    #expect(lines[1].hasPrefix("cell,random,2,all_strong,1,"))
  }

  @Test func twoRunsOfTheSameCellsAreCompared() throws {
    let (run, same) = (try run("run"), try self.run("same"))
    let rows = try RouterComparison([
      RouterComparison.Pair(
        RouterComparison.Side("oracle", of: run, label: "run:oracle"),
        minus: RouterComparison.Side("random", of: same, label: "same:random"))
    ]).rows
    let own = try compare(run, "oracle", "random").rows
    #expect(rows.map(\.difference) == own.map(\.difference))
    #expect(rows[0].second == "same:random")
    let other = try self.run("other", dataset: "e")
    let error = #expect(throws: FileError.self) {
      try RouterComparison([
        RouterComparison.Pair(
          RouterComparison.Side("oracle", of: run), minus: RouterComparison.Side("oracle", of: other))
      ])
    }
    #expect(error?.description.contains("another dataset") == true)
  }

  @Test func runsWithoutPicksAndUnknownRoutersAreRefused() throws {
    let run = try run("run")
    let error = #expect(throws: FileError.self) { try compare(run, "oracle", "rando") }
    #expect(
      error?.description
        == "\(scratch["run"]): has no router 'rando'; it has oracle, random, again, best-single")
    try FileManager.default.removeItem(atPath: scratch["run/cells/random/2_all_weak.npz"])
    let old = #expect(throws: FileError.self) { try ComparedRun(FinishedRun(scratch["run"])) }
    #expect(old?.description.contains("evaluate again, with 'rs-eval benchmark'") == true)
  }
}
