import Foundation
import Testing

/// `rs-coldstart evaluate` and `report`: from a dataset to a page.
@Suite(.serialized) struct ColdStartTests {
  /// The words of a run of a few seconds at most.
  static func evaluate(data: String, _ output: String, benchmarks: String = "gsm8k") -> [String] {
    [
      "evaluate", "--data", data, "--benchmarks", benchmarks, "--hold-out", "llm", "--answers", "4,8",
      "--anchors", "random", "--factors", "1", "--llms", "10", "--output", output,
    ]
  }

  /// The words of a run on queries that are held out.
  static func evaluateUnseen(data: String, _ output: String, holdOut: String = "query") -> [String] {
    [
      "evaluate", "--data", data, "--hold-out", holdOut, "--labels", "5,10", "--factors", "1", "--output",
      output,
    ]
  }

  private func files(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      if let data = try? bytes("\(folder)/\(path)") { files[path] = data }
    }
    return files
  }

  private func parts(_ folder: String, _ name: String) -> [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: "\(folder)/\(name)")) ?? [])
      .filter { $0.hasSuffix(".csv") && !$0.contains(".tmp-") }
  }

  @Test func writesTheTablesAndPrintsThem() throws {
    let scratch = try Scratch()
    let words = Self.evaluate(data: try Sample.shared().data, scratch["run"], benchmarks: "gsm8k,arc")
    let run = try Tool("rs-coldstart", words)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.hasSuffix("note: wrote \(scratch["run"])\n"))
    #expect(run.output.contains("Answers needed for a mean absolute error of 2 points and of 1 point:"))
    #expect(
      Set(try files(scratch["run"]).keys.filter { !$0.hasPrefix("folds/") }) == [
        "run.json", "estimates.csv", "summary.csv", "skipped.json",
      ])
    let table = try String(contentsOfFile: scratch["run/summary.csv"], encoding: .utf8)
    #expect(
      table.hasPrefix(
        "benchmark,anchors,estimator,answers,llms,mae,mae_se,bias,coverage,width,answers_for_mae_2,answers_for_mae_1\n"
      ))
    for benchmark in ["gsm8k", "arc"] {
      #expect(table.contains("\n\(benchmark),random,mean,4,"))
      #expect(run.output.contains(benchmark))
    }
    // The same without a folder, and with one that is finished.
    let again = try Tool("rs-coldstart", words + ["--json"])
    let bare = try Tool("rs-coldstart", Array(words.dropLast(2)) + ["--json"])
    #expect(again.status == 0 && again.output == bare.output)
    let json = try again.json()
    #expect((json["summary"] as? [Any])?.count == table.split(separator: "\n").count - 1)
    #expect(
      (json["answers_needed"] as? [Any])?.isEmpty == false && (json["skipped"] as? [Any])?.isEmpty == true)
    // All lines hold more than the best few.
    let all = try Tool("rs-coldstart", words + ["--all"])
    #expect(all.output.split(separator: "\n").count > run.output.split(separator: "\n").count)
  }

  /// A kind of run that is resumed.
  enum Resumed: String, CaseIterable {
    case llms, routing, queries

    func words(data: String, _ output: String) -> [String] {
      switch self {
      case .llms: return ColdStartTests.evaluate(data: data, output)
      case .routing: return ColdStartTests.evaluate(data: data, output) + ["--routing"]
      case .queries: return ColdStartTests.evaluateUnseen(data: data, output)
      }
    }

    /// The folder whose files say that it has begun.
    var parts: String { self == .routing ? "routing" : "folds" }
  }

  @Test(arguments: Resumed.allCases)
  func killedAndStartedAgainItDoesOnlyWhatIsMissing(_ kind: Resumed) throws {
    let scratch = try Scratch()
    let data = try Sample.shared().data
    let whole = try Tool("rs-coldstart", kind.words(data: data, scratch["whole"]) + ["--threads", "1"])
    try #require(whole.status == 0, "\(whole.errors)")
    let expected = try files(scratch["whole"])
    let count = parts(scratch["whole"], kind.parts).count
    #expect(count > 3)
    let words = kind.words(data: data, scratch["killed"])
    let killed = try Tool("rs-coldstart", words) { process in
      let deadline = Date(timeIntervalSinceNow: 60)
      while process.isRunning, parts(scratch["killed"], kind.parts).isEmpty {
        try #require(Date() < deadline, "it never saved a fold")
        Thread.sleep(forTimeInterval: 0.001)
      }
      kill(process.processIdentifier, SIGKILL)
    }
    try #require(killed.wasKilled, "too fast to be killed")
    let done = try parts(scratch["killed"], kind.parts).map { path in
      let file = "\(scratch["killed"])/\(kind.parts)/\(path)"
      return (file, try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date)
    }
    #expect(!done.isEmpty && done.count < count)
    try Refusal.expect(
      "rs-coldstart", ["report", scratch["killed"], "--output", scratch["report"]],
      names: [scratch["killed"], "is not finished", "rs-coldstart evaluate"], in: scratch)
    let again = try Tool("rs-coldstart", words)
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output == whole.output)
    #expect(try files(scratch["killed"]) == expected)
    for (file, date) in done {
      #expect(try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date == date)
    }
  }

  @Test func otherFoldersAreRefused() throws {
    let scratch = try Scratch()
    let data = try Sample.shared().data
    let words = Self.evaluate(data: data, scratch["run"])
    try #require(Tool("rs-coldstart", words).status == 0)
    try Refusal.expect(
      "rs-coldstart", words + ["--seed", "1"], names: ["\(scratch["run"]): holds another run: seed differ"],
      in: scratch)
    try Refusal.expect(
      "rs-coldstart", Self.evaluate(data: data, data), names: [data, "no results folder"], in: scratch)
    let grid = [
      "benchmark", "--data", data, "--pools", "3", "--benchmarks", "gsm8k", "--routers", "random",
      "--resamples", "10", "--output", scratch["grid"],
    ]
    try #require(Tool("rs-eval", grid).status == 0)
    try Refusal.expect(
      "rs-coldstart", Self.evaluate(data: data, scratch["grid"]),
      names: ["grid/run.json", "no run of rs-coldstart evaluate"], in: scratch)
    try Refusal.expect(
      "rs-coldstart", ["report", scratch["grid"], "--output", scratch["report"]],
      names: ["grid/run.json", "no run of rs-coldstart evaluate"], in: scratch)
    try Refusal.expect(
      "rs-eval", ["report", scratch["run"], "--output", scratch["report"]], names: ["run/run.json"],
      in: scratch)
    let unknown = try Tool("rs-coldstart", words.map { $0 == "random" ? "best" : $0 })
    #expect(unknown.status == 2 && unknown.errors.contains("'best'; there are: random"))
    // Each option with every kind of fold: those that look at it run (here into a dataset that is missing), others say so.
    let ofLLMs = ["family", "frontier", "llm"]
    let ofQueries = ["benchmark", "subscenario", "query"]
    let options: [([String], goesWith: [String])] = [
      (["--answers", "5"], ofLLMs), (["--anchors", "random"], ofLLMs), (["--all"], ofLLMs),
      (["--routing"], ofLLMs), (["--routing", "--encoder", "e"], ofLLMs), (["--encoder", "e"], ofQueries),
      (["--labels", "5"], ofQueries), (["--benchmarks", "gsm8k"], ofLLMs + ofQueries),
      (["--factors", "2"], ofLLMs + ofQueries), (["--llms", "9"], ofLLMs + ofQueries),
    ]
    for (words, goesWith) in options {
      for kind in ofLLMs + ofQueries {
        let run = try Tool(
          "rs-coldstart", ["evaluate", "--data", scratch["no-data"], "--hold-out", kind] + words)
        #expect(run.status == (goesWith.contains(kind) ? 1 : 2), "\(words) with \(kind): \(run.errors)")
        if run.status == 2 { #expect(run.errors.contains("'\(words[0])' goes with '--")) }
      }
    }
    let small = try Tool(
      "rs-coldstart", Self.evaluate(data: data, scratch["x"]).map { $0 == "4,8" ? "1000" : $0 })
    #expect(small.status == 1 && small.errors.contains("nothing to place: benchmark 'gsm8k' has"))
    let missing = try Tool("rs-coldstart", words.map { $0 == "gsm8k" ? "gsm9k" : $0 })
    #expect(missing.status == 1 && missing.errors.contains("gsm9k"))
  }

  @Test func writesThePageOfSeveralRuns() throws {
    let scratch = try Scratch()
    let data = try Sample.shared().data
    let runs = [scratch["llm"], scratch["frontier"]]
    try #require(Tool("rs-coldstart", Self.evaluate(data: data, runs[0])).status == 0)
    let frontier = Self.evaluate(data: data, runs[1]).map { $0 == "llm" ? "frontier" : $0 } + ["--routing"]
    let routed = try Tool("rs-coldstart", frontier)
    try #require(routed.status == 0 && routed.output.contains("gap to full"))
    let unseen = try Tool(
      "rs-coldstart", Self.evaluateUnseen(data: data, scratch["unseen"], holdOut: "benchmark"))
    try #require(unseen.status == 0 && unseen.output.contains("neighbours"), "\(unseen.errors)")
    let report = try Tool(
      "rs-coldstart",
      ["report"] + runs + [scratch["unseen"], "--output", scratch["cold.html"], "--json"])
    #expect(report.status == 0, "\(report.errors)")
    let json = try report.json()
    #expect(json["page"] as? String == scratch["cold.html"])
    #expect((json["failures"] as? [String])?.allSatisfy { report.errors.contains($0) } == true)
    let text = try String(contentsOfFile: scratch["cold.html"], encoding: .utf8)
    #expect(text.contains("single LLMs held out") && text.contains("frontier held out"))
    let tables = try #require(json["tables"] as? [String])
    #expect(tables.starts(with: ["summary", "answers_needed", "without_answers", "routing"]))
    #expect(tables.contains("unseen") && text.contains("12 benchmarks: benchmarks held out"))
    for table in tables {
      #expect(FileManager.default.fileExists(atPath: "\(scratch["cold_files"])/tables/\(table).csv"))
    }
    try Refusal.expect(
      "rs-coldstart", ["report"] + runs + ["--output", scratch["cold.html"]], names: ["exists already"],
      in: scratch)
    let bare = try Tool(
      "rs-coldstart", ["report", runs[0], "--output", scratch["report"]], environment: ["PATH": ""])
    #expect(bare.status == 0 && bare.errors.hasPrefix("note: no pictures, because there is no gnuplot"))
  }

  /// A model as `place` left it, placed into again: as a user who has more answers does.
  @Test func anLLMThatWasPlacedIsPlacedAnew() throws {
    let scratch = try Scratch()
    let sample = try Sample.shared()
    let plan = try Tool(
      "rs-coldstart", ["plan", "--model", sample.model, "--benchmark", "gsm8k", "--anchors", "12"])
    // Benchmark and query: ids repeat in other benchmarks.
    let lines = plan.output.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").prefix(2).joined(separator: ",")
    }
    func answers(_ count: Int) throws -> String {
      try scratch.write(
        "\(count).csv",
        "benchmark,query,score\n" + lines.prefix(count).enumerated().map { "\($1),\($0 % 2)\n" }.joined())
    }
    func place(_ model: String, _ answers: String, _ output: String, name: String = "new", _ more: String...)
      throws -> Tool
    {
      try Tool(
        "rs-coldstart",
        [
          "place", "--model", model, "--answers", answers, "--benchmark", "gsm8k", "--name", name, "--output",
          output,
        ] + more)
    }
    let (few, many) = (try answers(4), try answers(12))
    try #require(place(sample.model, few, scratch["few"]).status == 0)
    let refused = try place(scratch["few"], many, scratch["x"])
    #expect(refused.status == 1 && refused.errors.contains("'new' already, it was placed"))
    #expect(refused.errors.contains("--update") && refused.errors.split(separator: "\n").count == 1)
    let updated = try place(scratch["few"], many, scratch["updated"], "--update")
    #expect(updated.status == 0 && updated.errors.contains("1 of 1 LLMs were placed before"))
    let direct = try place(sample.model, many, scratch["direct"])
    #expect(direct.status == 0 && updated.output == direct.output)
    #expect(try files(scratch["updated"]) == files(scratch["direct"]))
    // In place, as the output of the next update.
    let inPlace = try place(scratch["few"], many, scratch["few"], "--update", "--overwrite")
    #expect(inPlace.status == 0, "\(inPlace.errors)")
    #expect(try files(scratch["few"]) == files(scratch["direct"]))
    // What was trained is not placed.
    let table = try String(contentsOfFile: "\(sample.data)/llms.csv", encoding: .utf8)
    let trained = try #require(table.split(separator: "\n").dropFirst().first?.split(separator: ",").first)
    let other = try place(sample.model, many, scratch["x"], name: String(trained), "--update")
    #expect(other.status == 1 && other.errors.contains("it was trained on its answers"), "\(other.errors)")
  }
}
