import Evaluation
import Foundation
import Metrics
import RoutingData
import TestSupport
import Testing

// A metric is one file, such as these lines, and its line in `MetricCatalog.all`.
extension Metric {
  /// The share of the queries whose picks earn less than half a right answer.
  static let failures = Metric(
    "failures", symbol: "failures", family: .quality, meaning: "The share of the queries that went wrong.",
    columns: { routed, _ in [routed.rewards.map { $0 < 0.5 ? 1 : 0 }] }, value: { $0[0] })
}

@Suite struct ExampleMetricTests {
  let metrics = MetricCatalog.all + [.failures]

  @Test func aMetricOfAFewLinesReachesResultsJSONAndCSV() throws {
    let table = try TableBenchmark.random(queryCount: 100, llmCount: 3, seed: 3)
    let (pool, routed) = try table.route(table.baselines)
    let bootstrap = Bootstrap(resamples: 200)
    let cell = CellResult(pool, source: .constructed, routed: routed, bootstrap: bootstrap, metrics: metrics)
    let (oracle, random) = (cell.routers[0], cell.routers[1])
    let failures = try #require(oracle[.failures])
    // Grades are 0 or 1, so what the oracle does not get right went wrong.
    #expect(abs(failures.value - (1 - oracle.mu.value)) < 1e-12)
    #expect(try #require(failures.low) < failures.value && failures.value < (try #require(failures.high)))
    let result = GridResult(cells: [cell], skipped: [])
    #expect(try JSONDecoder().decode(GridResult.self, from: Data(result.json().utf8)) == result)
    let lines = ResultTable.csv([cell], metrics: metrics).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let column = try #require(lines[0].firstIndex(of: "failures"))
    #expect(lines[2][column] == "\(try #require(random[.failures]).value)")
    // Beside it nothing changes.
    let plain = CellResult(pool, source: .constructed, routed: routed, bootstrap: bootstrap)
    #expect(MetricCatalog.all.allSatisfy { plain.routers[0][$0] == oracle[$0] })
  }

  @Test func keysAndSymbolsAreUnique() {
    #expect(Set(MetricCatalog.all.map(\.key)).count == MetricCatalog.all.count)
    #expect(Set(MetricCatalog.all.map(\.symbol)).count == MetricCatalog.all.count)
  }
}
