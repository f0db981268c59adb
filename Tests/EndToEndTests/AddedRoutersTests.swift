import Foundation
import Testing

/// `rs-eval benchmark --add-routers`: a finished run gains routers under its own options.
@Suite struct AddedRoutersTests {
  private func files(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      if let data = try? bytes("\(folder)/\(path)") { files[path] = data }
    }
    return files
  }

  private func evaluate(_ words: [String]) throws -> Tool {
    try Tool("rs-eval", ["benchmark", "--data", Sample.shared().data] + words)
  }

  /// Options that are not the usual ones, each of them.
  private static let options: [[String]] = [
    [
      "--pools", "4", "--groups", "all_weak", "--seed", "3", "--resamples", "40", "--split", "validation",
      "--mix",
      "all", "--pools-from", "train", "--ties", "first", "--missing", "available", "--min-answered", "0.5",
    ],
    ["--pools", "3", "--benchmarks", "gsm8k,mmlu", "--mix", "mmlu,arc", "--resamples", "30"],
    ["--groups", "none", "--llms", "POOL", "--benchmarks", "arc", "--resamples", "30"],
  ]

  @Test(arguments: options) func theRunsOptionsNeedNotBeSaidAgain(options: [String]) throws {
    let scratch = try Scratch()
    let llms = try String(contentsOfFile: "\(Sample.shared().data)/llms.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst().prefix(3).map { String($0.prefix { $0 != "," }) + "\n" }.joined()
    let pool = try scratch.write("pool.txt", llms)
    let own = options.map { $0 == "POOL" ? pool : $0 }
    let whole = try evaluate(own + ["--routers", "best-single,random,oracle", "--output", scratch["whole"]])
    try #require(whole.status == 0, "\(whole.errors)")
    let made = try evaluate(own + ["--routers", "best-single,random", "--output", scratch["grown"]])
    try #require(made.status == 0, "\(made.errors)")
    let grown = try evaluate(["--output", scratch["grown"], "--add-routers", "oracle"])
    #expect(grown.status == 0, "\(grown.errors)")
    #expect(try files(scratch["grown"]) == files(scratch["whole"]))
  }

  @Test func anotherDatasetAndAnotherOptionAreRefusedByName() throws {
    let scratch = try Scratch()
    let made = try evaluate([
      "--pools", "3", "--benchmarks", "arc", "--routers", "random", "--resamples", "20", "--output",
      scratch["run"],
    ])
    try #require(made.status == 0)
    let before = try files(scratch["run"])
    let gaining = ["--output", scratch["run"], "--add-routers", "oracle"]
    let option = try evaluate(gaining + ["--pools", "4"])
    #expect(
      option.status == 1 && option.errors.contains("pools differ; leave these options out"),
      "\(option.errors)")
    let other = scratch["other"]
    try #require(
      Tool("rs-data", "synth", "--llms", "20", "--queries", "1000", "--seed", "1", "--output", other).status
        == 0)
    let elsewhere = try Tool("rs-eval", ["benchmark", "--data", other] + gaining)
    #expect(
      elsewhere.status == 1 && elsewhere.errors.contains("is a run on another dataset"), "\(elsewhere.errors)"
    )
    #expect(try files(scratch["run"]) == before)
  }
}
