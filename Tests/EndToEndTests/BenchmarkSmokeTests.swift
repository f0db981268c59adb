import Foundation
import Testing

/// Benchmarks at a hundredth of their size: they run to the end and measure something.
@Suite struct BenchmarkSmokeTests {
  @Test func logsAreMeasured() throws {
    let tool = try Tool(
      "rs-bench", ["--logs", "--fraction", "0.01", "--repetitions", "1", "--json", "--quiet"])
    try #require(tool.status == 0, "\(tool.errors)")
    let result = try #require(
      try JSONSerialization.jsonObject(with: Data(tool.output.utf8)) as? [String: Any])
    #expect(result["rows"] as? Int == 10_000 && result["llms"] as? Int == 8_500)
    let times = result.filter { $0.key.hasSuffix("_seconds") }
    #expect(times.count == 10)
    for (name, value) in times {
      let seconds = try #require(value as? Double)
      #expect(seconds > 0 && seconds.isFinite, "\(name)")
    }
  }

  @Test func predictionsAreMeasured() throws {
    let tool = try Tool("rs-bench", ["--prediction", "--factors", "4", "--repetitions", "1", "--json"])
    try #require(tool.status == 0, "\(tool.errors)")
    let result = try #require(
      try JSONSerialization.jsonObject(with: Data(tool.output.utf8)) as? [String: Any])
    #expect(result["llms"] as? Int == 8_500 && result["factors"] as? Int == 4)
    for name in ["one_query", "one_query_with_errors", "batch", "product"] {
      let seconds = try #require(result["\(name)_seconds"] as? Double, "\(name)")
      #expect(seconds > 0 && seconds.isFinite, "\(name)")
    }
  }
}
