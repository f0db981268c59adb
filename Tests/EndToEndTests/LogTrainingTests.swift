import Foundation
import Testing

/// `rs-train --log`: a model that is learned from a log and used like any other.
@Suite struct LogTrainingTests {
  private static func log(_ scratch: Scratch) throws -> String {
    let made = try Tool(
      "rs-debias", "simulate", try Sample.shared().data, "--pool", "arc/3/all_strong", "--policy",
      "difficulty",
      "--floor", ".05", "--rows", "400", "--output", scratch["log"])
    try #require(made.status == 0, "\(made.errors)")
    return scratch["log"]
  }

  @Test func aModelOfALogIsStoredAndRoutes() throws {
    let scratch = try Scratch()
    let log = try Self.log(scratch)
    let words = ["--log", log, "--model", "ridge", "--output", scratch["model"]]
    let trained = try Tool("rs-train", words + ["--json"])
    try #require(trained.status == 0, "\(trained.errors)")
    let record = try #require(try trained.json()["log"] as? [String: Any])
    #expect(record["debias"] as? String == "auto")
    #expect(record["method"] as? String == "combined")
    #expect((record["effective_sample_sizes"] as? [String: Double])?.count == 3)
    let run = try Tool(
      "rs-eval", "--data", try Sample.shared().data, "--benchmarks", "arc", "--pools", "3", "--groups",
      "all_strong", "--routers", "model:\(scratch["model"]),best-single", "--resamples", "100", "--csv")
    #expect(run.status == 0, "\(run.errors)")
    let text = try Tool("rs-train", words + ["--overwrite", "--debias", "none"])
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("debiased by none"))
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    let scratch = try Scratch()
    let log = try Self.log(scratch)
    for (words, status, parts) in [
      (["--log", log, "--data", log], 2, ["'--data' and '--log'"]),
      (["--data", log, "--debias", "ipw"], 2, ["'--debias' goes with '--log'"]),
      (["--log", log, "--pool", "arc/3/all_strong"], 2, ["'--pool'"]),
      (["--log", log, "--model", "ridge", "--resume"], 2, ["--debias none"]),
      (["--log", log, "--model", "knn", "--debias", "stack"], 1, ["kernel-ridge", "ipw"]),
      (["--log", try Sample.shared().data], 1, ["holds no log"]),
      ([], 2, ["'--data'", "'--log'"]),
    ] {
      let run = try Tool("rs-train", words + ["--output", scratch["refused"]])
      #expect(run.status == Int32(status), "\(words): \(run.errors)")
      for part in parts { #expect(run.errors.contains(part), "\(words): \(run.errors)") }
      #expect(!FileManager.default.fileExists(atPath: scratch["refused"]))
    }
  }
}
