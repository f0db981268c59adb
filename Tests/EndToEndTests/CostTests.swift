import Foundation
import Testing

/// `rs-eval --costs`: what routers reach at each cost, from the command to the report.
@Suite struct CostTests {
  private func llms() throws -> [String] {
    try String(contentsOfFile: "\(Sample.shared().data)/llms.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst().map { String($0.prefix { $0 != "," }) }
  }

  /// A file with a cost for each LLM, by its place.
  private func costs(_ scratch: Scratch, leavingOut missing: Int? = nil) throws -> String {
    let lines = try llms().enumerated().filter { $0.offset != missing }.map {
      "\($0.element),\(1 + $0.offset % 7)"
    }
    return try scratch.write("costs.csv", (["llm,cost"] + lines).joined(separator: "\n") + "\n")
  }

  private func evaluate(_ words: [String]) throws -> Tool {
    try Tool("rs-eval", ["--data", Sample.shared().data, "--benchmarks", "arc", "--resamples", "50"] + words)
  }

  private static let routers = ["--routers", "best-single,oracle,knn", "--pools", "4"]

  @Test func theCurveIsPrintedAndInTheJSON() throws {
    let scratch = try Scratch()
    let words = try Self.routers + ["--costs", costs(scratch)]
    let text = try evaluate(words)
    #expect(
      text.status == 0 && text.output.contains("AIQ gain") && text.output.contains("(single LLMs)"),
      "\(text.errors)")
    let json = try evaluate(words + ["--json"])
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    let cells = try #require((object as? [String: Any])?["cells"] as? [[String: Any]])
    let single = try #require(cells[0]["single_costs"] as? [String: Any])
    #expect((single["costs"] as? [Double])?.count == 4)
    let routers = try #require(cells[0]["routers"] as? [[String: Any]])
    let curve = try #require(routers[1]["cost_curve"] as? [String: Any])
    #expect((curve["points"] as? [Any])?.isEmpty == false && curve["aiq_gain"] != nil)
    let plain = try evaluate(Self.routers + ["--json"])
    #expect(!plain.output.contains("cost_curve"))
  }

  @Test func theReportDrawsItAndAGainedRouterGetsTheRunsCosts() throws {
    let scratch = try Scratch()
    let path = try costs(scratch)
    func benchmark(_ words: [String]) throws -> Tool {
      try Tool("rs-eval", ["benchmark", "--data", Sample.shared().data] + words)
    }
    let options = ["--benchmarks", "arc", "--pools", "4", "--resamples", "40", "--costs", path]
    let whole = try benchmark(options + ["--routers", "knn,oracle", "--output", scratch["whole"]])
    try #require(whole.status == 0, "\(whole.errors)")
    let made = try benchmark(options + ["--routers", "knn", "--output", scratch["run"]])
    try #require(made.status == 0, "\(made.errors)")
    let grown = try benchmark(["--output", scratch["run"], "--add-routers", "oracle"])
    try #require(grown.status == 0, "\(grown.errors)")
    #expect(try bytes("\(scratch["run"])/results.csv") == bytes("\(scratch["whole"])/results.csv"))
    #expect(try bytes("\(scratch["run"])/run.json") == bytes("\(scratch["whole"])/run.json"))
    // Other costs are another run.
    _ = try scratch.write("costs.csv", "llm,cost\n" + llms().map { "\($0),2\n" }.joined())
    let other = try benchmark(["--output", scratch["run"], "--add-routers", "random"])
    #expect(other.status == 1 && other.errors.contains("was made with other costs"), "\(other.errors)")
    let report = try Tool("rs-eval", ["report", scratch["run"], "--output", scratch["page.html"]])
    #expect(report.status == 0, "\(report.errors)")
    let page = try String(contentsOfFile: scratch["page.html"], encoding: .utf8)
    #expect(page.contains("arc: cost and quality by pool") && page.contains("AIQ"))
  }

  @Test(arguments: [
    ("nowhere.csv", "is no column of llms.csv"), ("HUGE", "line 2: cost '1e39' is not a number"),
    ("responses", "does not know what its answers cost"),
  ]) func whatIsNoCostIsOneLine(source: String, message: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write("huge.csv", "llm,cost\nx,1e39\n")
    let run = try evaluate(Self.routers + ["--costs", source == "HUGE" ? file : source])
    #expect(run.status == 1 && run.errors.contains(message), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count { $0.hasPrefix("rs-eval: error") } == 1)
  }

  @Test func anAnswersOwnCostIsPaidAndItsMeanExpected() throws {
    let scratch = try Scratch()
    // On train b costs 9 and 1 by turns, 5 on average; on test 20 and 4. Answers of a cost 2.
    let rows = (0..<80).flatMap { query -> [String] in
      let isRight = query % 2 == 0
      let part = query < 40 ? "train" : "test"
      return [
        "q\(query),\(part),a,\(query % 4 == 3 ? 0 : 1),2",
        "q\(query),\(part),b,\(isRight ? 1 : 0),\(part == "train" ? (isRight ? 9 : 1) : isRight ? 20 : 4)",
      ]
    }
    let table = try scratch.write(
      "answers.csv", (["query,split,llm,score,price"] + rows).joined(separator: "\n") + "\n")
    let made = try Tool(
      "rs-data", ["import", "csv", table, "--cost-column", "price", "--output", scratch["data"]])
    try #require(made.status == 0, "\(made.errors)")
    let run = try Tool(
      "rs-eval",
      [
        "--data", scratch["data"], "--pools", "2", "--groups", "all_strong", "--routers",
        "oracle,best-single", "--costs",
        "responses", "--resamples", "50", "--json",
      ])
    try #require(run.status == 0, "\(run.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let cell = try #require(((object as? [String: Any])?["cells"] as? [[String: Any]])?.first)
    let names = try #require(cell["llms"] as? [String])
    let single = try #require((cell["single_costs"] as? [String: Any])?["costs"] as? [Double])
    #expect(Dictionary(uniqueKeysWithValues: zip(names, single)) == ["a": 2, "b": 12])
    let routers = try #require(cell["routers"] as? [[String: Any]])
    let points = try #require((routers[1]["cost_curve"] as? [String: Any])?["points"] as? [[String: Any]])
    #expect(points.map { $0["cost"] as? Double } == [2], "a is best and cheapest: no pick turns")
    let oracle = try #require((routers[0]["cost_curve"] as? [String: Any])?["points"] as? [[String: Any]])
    // Both are right or a alone is: equals turn at the least price, which is 1 over the greatest cost that is expected.
    #expect(oracle.map { $0["price"] as? Double } == [0, 0.2] && oracle.last?["cost"] as? Double == 2)
  }

  @Test func anLLMOfAPoolWithoutACostIsNamed() throws {
    let scratch = try Scratch()
    let path = try scratch.write("costs.csv", "llm,cost\n\(llms()[0]),1\n")
    let run = try evaluate(Self.routers + ["--costs", path])
    #expect(run.status == 1 && run.errors.contains("has no cost of LLM"), "\(run.errors)")
  }
}
