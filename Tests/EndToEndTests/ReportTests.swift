import Foundation
import Testing

/// `rs-eval report`: from a run to a page.
@Suite struct ReportTests {
  static let paper = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("experiments/paper").path

  /// A small finished run on the sample.
  func run(_ scratch: Scratch) throws -> String {
    let words = [
      "benchmark", "--data", try Sample.shared().data, "--pools", "3,5", "--benchmarks", "mmlu,gsm8k",
      "--routers", "oracle,best-single,random", "--resamples", "50", "--output", scratch["run"],
    ]
    try #require(Tool("rs-eval", words).status == 0)
    return scratch["run"]
  }

  @Test func writesThePageTheTablesAndTheFigures() throws {
    let scratch = try Scratch()
    let results = try run(scratch)
    let page = scratch["page.html"]
    let report = try Tool(
      "rs-eval", "report", results, "--data", Sample.shared().data, "--paper", Self.paper, "--output", page,
      "--json")
    #expect(report.status == 0)
    for failure in try #require(report.json()["failures"] as? [String]) {
      #expect(report.errors.contains(failure))
    }
    #expect(try report.json()["page"] as? String == page)
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text.contains("synthetic: llms 60") && text.contains("<td>paper</td>"))
    #expect(scratch.entries == ["page.html", "page_files", "run"])
    let tables = try #require(try report.json()["tables"] as? [String])
    #expect(tables.starts(with: ["summary", "differences", "differences_pools", "tables_1_2", "table_3"]))
    for table in tables {
      #expect(FileManager.default.fileExists(atPath: "\(scratch["page_files"])/tables/\(table).tex"))
    }
  }

  @Test func withoutGnuplotItSaysHowToGetPictures() throws {
    let scratch = try Scratch()
    let report = try Tool(
      "rs-eval", "report", try run(scratch), "--output", scratch["report"], environment: ["PATH": ""])
    #expect(report.status == 0)
    #expect(report.output == "\(scratch["report"])/report.html\n")
    #expect(report.errors.hasPrefix("note: no pictures, because there is no gnuplot on the PATH: install it"))
    #expect(report.errors.split(separator: "\n").count == 1)
    #expect(FileManager.default.fileExists(atPath: "\(scratch["report"])/tables/tables_1_2.csv"))
  }

  @Test func refusals() throws {
    let scratch = try Scratch()
    let results = try run(scratch)
    let output = ["--output", scratch["report"]]
    let other = scratch["other"]
    try #require(
      Tool("rs-data", "synth", "--llms", "20", "--queries", "1000", "--seed", "1", "--output", other).status
        == 0)
    try Refusal.expect(
      "rs-eval", ["report", results, "--data", other] + output, names: [results, "another dataset", other],
      in: scratch)
    try Refusal.expect(
      "rs-eval", ["report", other] + output, names: [other, "no results folder", "run.json"], in: scratch)
    try Refusal.expect(
      "rs-eval", ["report", results, "--paper", scratch["nothing"]] + output, names: ["tables_1_2.csv"],
      in: scratch)
    try Refusal.expect(
      "rs-eval", ["report", results, "--overwrite", "--output", other], names: [other, "is not replaced"],
      in: scratch)
    try FileManager.default.removeItem(atPath: "\(results)/results.csv")
    try FileManager.default.removeItem(atPath: "\(results)/cells/mmlu/3_all_weak.json")
    try Refusal.expect(
      "rs-eval", ["report", results] + output,
      names: [results, "11 of 12 cells are there", "rs-eval benchmark"], in: scratch)
  }

  /// A gnuplot that takes long is interrupted; nothing half-written stays.
  @Test func interruptedItLeavesNothing() throws {
    let scratch = try Scratch()
    let results = try run(scratch)
    let programs = scratch["bin"]
    try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
    let gnuplot = try scratch.write("bin/gnuplot", "#!/bin/sh\nexec /bin/sleep 4\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: gnuplot)
    let before = scratch.entries
    let report = try Tool(
      "/usr/bin/env",
      ["--default-signal=INT", "\(Tool.folder)/rs-eval", "report", results, "--output", scratch["report"]],
      environment: ["PATH": programs]
    ) { process in
      let deadline = Date(timeIntervalSinceNow: 30)
      while process.isRunning, !scratch.entries.contains(where: { $0.contains(".tmp-") }) {
        try #require(Date() < deadline, "it never started to write")
        Thread.sleep(forTimeInterval: 0.01)
      }
      Thread.sleep(forTimeInterval: 0.3)
      process.interrupt()
    }
    #expect(report.wasKilled && report.status == SIGINT)
    #expect(report.errors == "rs-eval: interrupted\n")
    #expect(scratch.entries == before)
  }

  /// The folder is put in place before the page; a run that ends between the two is repeated without more ado.
  @Test func aReportWithoutItsPageIsReplaced() throws {
    let scratch = try Scratch()
    let results = try run(scratch)
    let words = ["report", results, "--output", scratch["page.html"]]
    try #require(Tool("rs-eval", words).status == 0)
    let page = try bytes(scratch["page.html"])
    try FileManager.default.removeItem(atPath: scratch["page.html"])
    // A whole folder whose page was moved away may be in use.
    try Refusal.expect("rs-eval", words, names: ["page_files: exists already"], in: scratch)
    _ = try scratch.write("page_files/.unfinished", "")
    let again = try Tool("rs-eval", words)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try bytes(scratch["page.html"]) == page)
    #expect(!FileManager.default.fileExists(atPath: scratch["page_files/.unfinished"]))
    try Refusal.expect("rs-eval", words, names: ["page_files: exists already"], in: scratch)
  }
}
