import Foundation
import Testing

/// Logs on the command line: made, imported, checked, and trained on as any dataset is.
@Suite struct DebiasTests {
  /// The words that simulate a small log of the sample.
  static func simulate(data: String, _ output: String, policy: String = "softmax:0.2") -> [String] {
    [
      "simulate", data, "--pool", "gsm8k/5/strong_to_weak", "--policy", policy, "--floor", ".04", "--rows",
      "4000",
      "--output", output,
    ]
  }

  /// A log of the sample's first queries by their rows.
  static func log() -> String {
    var text = "query,llm,response,propensity\n"
    for row in 0..<600 { text += "\(row % 30),llm-\(row % 3),\(row % 7 > 3 ? 1 : 0),.3333\n" }
    return text
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  private struct Summary: Decodable {
    let rows: Int
    let graded: Int
    let audited: Int
    let train: Int
    let test: Int
    let smallestPropensity: Double?
  }

  private struct Check: Decodable {
    struct LLM: Decodable {
      let llm: String
      let rows: Int
      let meanWeight: Double
      let standardError: Double
    }
    struct Target: Decodable {
      let target: String
      let effectiveSize: Double
    }
    let smallestPropensity: Double
    let llms: [LLM]
    let targets: [Target]
  }

  @Test func aSimulatedLogIsADatasetLikeOthers() throws {
    let (scratch, sample) = (try Scratch(), try Sample.shared())
    let made = try Tool("rs-debias", Self.simulate(data: sample.data, scratch["log"]) + ["--json"])
    try #require(made.status == 0, "\(made.errors)")
    let summary = try Self.decoder.decode(Summary.self, from: Data(made.output.utf8))
    #expect(summary.rows == 4_000 && summary.graded == 4_000)
    #expect(summary.train > 0 && summary.test > 0)
    #expect((summary.smallestPropensity ?? 0) >= 0.04 - 1e-7)
    #expect(try Tool("rs-data", "verify", scratch["log"]).status == 0)
    #expect(!FileManager.default.fileExists(atPath: scratch["log/truth"]))
    // Naive training takes the answers that were seen for all there are.
    let trained = try Tool(
      "rs-train", "--data", scratch["log"], "--model", "kernel-ridge", "--skip-empty", "--output",
      scratch["model"])
    #expect(trained.status == 0, "\(trained.errors)")
    let checked = try Tool(
      "rs-debias", "check", scratch["log"], "--target", "uniform,best-single,softmax:0.1", "--json")
    try #require(checked.status == 0, "\(checked.errors)")
    let check = try Self.decoder.decode(Check.self, from: Data(checked.output.utf8))
    #expect(check.llms.count == 5 && check.targets.count == 3)
    for llm in check.llms { #expect(abs(llm.meanWeight - 1) < 4.5 * llm.standardError) }
    let text = try Tool("rs-debias", "check", scratch["log"], "--estimate-propensities")
    #expect(text.status == 0 && text.output.contains("mend nothing"), "\(text.errors)")
  }

  @Test func theSameWordsGiveTheSameBytesAtAnyThreadCount() throws {
    let (scratch, sample) = (try Scratch(), try Sample.shared())
    for threads in ["1", "3"] {
      let run = try Tool(
        "rs-debias", Self.simulate(data: sample.data, scratch["log\(threads)"]) + ["--threads", threads])
      try #require(run.status == 0, "\(run.errors)")
    }
    #expect(try bytes(scratch["log1/dataset.json"]) == bytes(scratch["log3/dataset.json"]))
    #expect(try bytes(scratch["log1/logs/log.csv"]) == bytes(scratch["log3/logs/log.csv"]))
  }

  @Test func gradingAndAuditsAreInTheLog() throws {
    let (scratch, sample) = (try Scratch(), try Sample.shared())
    let run = try Tool(
      "rs-debias",
      Self.simulate(data: sample.data, scratch["log"], policy: "difficulty")
        + ["--grading", "failures=.8,successes=.2", "--audit", "400", "--json"])
    try #require(run.status == 0, "\(run.errors)")
    let summary = try Self.decoder.decode(Summary.self, from: Data(run.output.utf8))
    #expect(abs(summary.audited - 400) < 100)
    #expect(summary.graded < 3_600 && summary.graded > 800)
    let header = try #require(
      String(decoding: try bytes(scratch["log/logs/log.csv"]), as: UTF8.self).split(separator: "\n").first)
    #expect(header == "query,llm,response,propensity,grade_propensity,audited,policy")
  }

  @Test func aLogOfOnesPropensityIsRefused() throws {
    let (scratch, sample) = (try Scratch(), try Sample.shared())
    let log = try scratch.write("log.csv", Self.log().replacingOccurrences(of: ".3333", with: "1"))
    let words = ["import", log, "--data", sample.data, "--benchmark", "gsm8k", "--output", scratch["log"]]
    let made = try Tool("rs-debias", words)
    #expect(made.status == 0 && made.errors.contains("every propensity is 1"), "\(made.errors)")
    let check = try Tool("rs-debias", "check", scratch["log"])
    #expect(check.status == 1 && check.errors.contains("every propensity is 1"))
  }

  @Test func datasetsWithoutLogsSaySo() throws {
    let check = try Tool("rs-debias", "check", try Sample.shared().data)
    #expect(check.status == 1 && check.errors.contains("holds no log"))
  }

  @Test(arguments: [
    (["--policy", "softmax"], "softmax:T"), (["--grading", "failures=.8"], "successes"),
    (["--parts", "training"], "--parts"), (["--llms", "a"], "leave '--llms'"),
  ])
  func wordsThatCantBeAreUsageErrors(words: [String], message: String) throws {
    let (scratch, sample) = (try Scratch(), try Sample.shared())
    // An option may stand once.
    let policy = words[0] == "--policy" ? words[1] : "uniform"
    let run = try Tool(
      "rs-debias",
      Self.simulate(data: sample.data, scratch["log"], policy: policy)
        + (words[0] == "--policy" ? [] : words))
    #expect(run.status == 2 && run.errors.contains(message), "\(run.errors)")
    #expect(!scratch.entries.contains("log"))
  }
}
