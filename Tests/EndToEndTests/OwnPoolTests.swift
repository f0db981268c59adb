import Foundation
import Testing

/// `rs-eval --llms`: a pool of the user's own.
@Suite struct OwnPoolTests {
  private func names(_ count: Int) throws -> [String] {
    let table = try String(contentsOfFile: Sample.shared().data + "/llms.csv", encoding: .utf8)
    return table.split(separator: "\n").dropFirst().prefix(count).map { String($0.split(separator: ",")[0]) }
  }

  private func words(_ file: String, _ more: [String] = []) throws -> [String] {
    [
      "--data", try Sample.shared().data, "--routers", "oracle,random", "--benchmarks", "arc,mmlu", "--llms",
      file, "--resamples", "50",
    ] + more
  }

  @Test func aPoolOfMyOwn() throws {
    let scratch = try Scratch()
    try names(4).joined(separator: "\n").write(toFile: scratch["mine.txt"], atomically: true, encoding: .utf8)
    let run = try Tool("rs-eval", words(scratch["mine.txt"], ["--groups", "none", "--csv"]))
    #expect(run.status == 0, "\(run.errors)")
    let rows = run.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",").prefix(4) }
    #expect(rows.count == 4 && rows.allSatisfy { $0.dropFirst() == ["4", "mine", "own"] })
    let folder = ["--pools", "3", "--groups", "all_weak", "--output", scratch["run"]]
    for _ in 0..<2 {
      let whole = try Tool("rs-eval", ["benchmark"] + words(scratch["mine.txt"], folder))
      #expect(whole.status == 0, "\(whole.errors)")
    }
    #expect(FileManager.default.fileExists(atPath: scratch["run/cells/arc/4_mine.json"]))
    let report = try Tool("rs-eval", ["report", scratch["run"], "--output", scratch["report"]])
    #expect(report.status == 0, "\(report.errors)")
    let page = try String(contentsOfFile: scratch["report/report.html"], encoding: .utf8)
    #expect(page.contains("mine (4 LLMs)"))
    // Another pool of the same name is another run.
    try names(5).joined(separator: "\n").write(toFile: scratch["mine.txt"], atomically: true, encoding: .utf8)
    try Refusal.expect(
      "rs-eval", ["benchmark"] + words(scratch["mine.txt"], folder), names: ["own_pools differ"], in: scratch)
  }

  @Test func badPoolsAreRefused() throws {
    let scratch = try Scratch()
    let name = try names(1)[0]
    for (text, message) in [
      (name, "has one LLM"), ("\(name)\n\(name)", "stands twice"), ("", "names no LLM"),
      ("\(name)\n\(name)x", "did you mean '\(name)'?"),
    ] {
      try text.write(toFile: scratch["pool.txt"], atomically: true, encoding: .utf8)
      try Refusal.expect(
        "rs-eval", words(scratch["pool.txt"]), names: [scratch["pool.txt"], message], in: scratch)
    }
    try Refusal.expect("rs-eval", words(scratch["absent.txt"]), names: [scratch["absent.txt"]], in: scratch)
  }
}
