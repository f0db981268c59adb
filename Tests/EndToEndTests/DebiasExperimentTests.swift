import Foundation
import Testing

/// `rs-debias evaluate` and `report`: from a dataset to a page.
@Suite(.serialized) struct DebiasExperimentTests {
  /// The words of a run of a few seconds at most.
  static func evaluate(data: String, _ output: String) -> [String] {
    [
      "evaluate", "--data", data, "--benchmarks", "mmlu", "--policies", "difficulty", "--methods", "stack",
      "--estimators", "snips", "--rows", "100,200", "--logs", "2", "--pools", "3", "--output", output,
    ]
  }

  private func files(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      if let data = try? bytes("\(folder)/\(path)") { files[path] = data }
    }
    return files
  }

  @Test func killedAndStartedAgainItGivesTheSameTables() throws {
    let (scratch, sample) = (try Scratch(), try Sample.shared())
    let whole = try Tool(
      "rs-debias", Self.evaluate(data: sample.data, scratch["whole"]) + ["--threads", "1"])
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(whole.output.contains("won back"))
    let words = Self.evaluate(data: sample.data, scratch["run"])
    let killed = try Tool("rs-debias", words) { process in
      while process.isRunning {
        let parts = (try? FileManager.default.subpathsOfDirectory(atPath: "\(scratch["run"])/parts")) ?? []
        if parts.contains(where: { $0.hasSuffix("_estimated.csv") }) { break }
        usleep(2_000)
      }
      kill(process.processIdentifier, SIGKILL)
    }
    if killed.wasKilled {
      try Refusal.expect(
        "rs-debias", ["report", scratch["run"], "--output", scratch["page.html"]],
        names: [scratch["run"], "is not finished", "rs-debias evaluate"], in: scratch)
    }
    let again = try Tool("rs-debias", words)
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output == whole.output)
    #expect(try files(scratch["run"]) == files(scratch["whole"]))
    try Refusal.expect(
      "rs-debias", words + ["--seed", "1"], names: ["\(scratch["run"]): holds another run: seed differ"],
      in: scratch)
  }

  @Test func reportGathersRunsAndSpreads() throws {
    let (scratch, sample) = (try Scratch(), try Sample.shared())
    try #require(Tool("rs-debias", Self.evaluate(data: sample.data, scratch["run"])).status == 0)
    let spread = try Tool("rs-debias", SpreadCommandTests.spread(sample) + ["--json"])
    let file = try scratch.write("spread.json", spread.output)
    let report = try Tool(
      "rs-debias", ["report", scratch["run"], "--spread", file, "--output", scratch["debias.html"], "--json"])
    #expect(report.status == 0, "\(report.errors)")
    let json = try report.json()
    #expect(
      json["figures"] as? [String] == ["loss_mmlu", "regret_mmlu", "coverage", "frontier_mmlu"])
    #expect((json["tables"] as? [String])?.contains("spread") == true)
    let page = try String(contentsOfFile: scratch["debias.html"], encoding: .utf8)
    #expect(page.contains("A collapsed pick") || page.contains("a collapsed pick"))
  }

  @Test(arguments: [
    ("difficulty", "difficult"), ("stack", "stick"), ("snips", "snap"), ("mmlu", "mmlo"), ("3", "61"),
  ])
  func whatThereIsNotIsRefused(what: String, by: String) throws {
    let scratch = try Scratch()
    let words = Self.evaluate(data: try Sample.shared().data, scratch["run"]).map { $0 == what ? by : $0 }
    let run = try Tool("rs-debias", words)
    #expect(run.status == 1 && run.output.isEmpty, "\(run.errors)")
    #expect(run.errors.contains("error: ") && run.errors.contains(by), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch["run/run.json"]))
  }
}
