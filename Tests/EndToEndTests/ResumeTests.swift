import Foundation
import Testing

/// A training run that is killed goes on from its checkpoint to the same bytes.
@Suite struct ResumeTests {
  /// A model with options that make its training last a second or two on the sample.
  struct Job: Sendable, CustomTestStringConvertible {
    let model: String
    let options: [String]

    var testDescription: String { model }

    func words(_ data: String, _ output: String, threads: Int) -> [String] {
      ["--data", data, "--model", model, "--output", output, "--patience", "0", "--threads", "\(threads)"]
        + options
    }
  }

  static let jobs = [
    Job(
      model: "logistic-mf",
      options: [
        "--factors", "24", "--l2", "2", "--max-sweeps", "600", "--tolerance", "0", "--benchmark-biases",
      ]),
    Job(model: "als", options: ["--factors", "16", "--l2", "2", "--max-sweeps", "200", "--tolerance", "0"]),
    Job(model: "bpr", options: ["--factors", "16", "--l2", "2", "--max-sweeps", "200", "--tolerance", "0"]),
    Job(
      model: "two-tower",
      options: ["--factors", "16", "--hidden", "64", "--epochs", "150", "--distill", "0.2"]),
    Job(model: "two-tower", options: ["--loss", "expected", "--pretrain-epochs", "20", "--epochs", "100"]),
    Job(model: "linear", options: ["--epochs", "400", "--batch-size", "8"]),
    Job(model: "mlp", options: ["--epochs", "60", "--pool", "mmlu/5/all_strong"]),
  ]

  @Test(arguments: jobs) func killedAndResumed(_ job: Job) throws {
    let data = try Sample.shared().data
    let scratch = try Scratch()
    try #require(Tool("rs-train", job.words(data, scratch["whole"], threads: 1)).status == 0)
    let words = job.words(data, scratch["model"], threads: 2) + ["--checkpoint-every", "3", "--resume"]
    var kills = 0
    for pause in [0.0, 0.15, 0.4] {
      let run = try Tool("rs-train", words) { process in
        let deadline = Date(timeIntervalSinceNow: 60)
        let before = modified(scratch["model.checkpoint"])
        while process.isRunning, modified(scratch["model.checkpoint"]) == before, Date() < deadline {
          Thread.sleep(forTimeInterval: 0.002)
        }
        Thread.sleep(forTimeInterval: pause)
        kill(process.processIdentifier, SIGKILL)
      }
      guard run.wasKilled else { break }
      kills += 1
    }
    #expect(kills > 0, "too fast to be killed")
    if !FileManager.default.fileExists(atPath: scratch["model"]) {
      // What a process that died while writing leaves behind.
      let gone = Tool.process("/bin/true", [])
      try gone.run()
      gone.waitUntilExit()
      _ = try scratch.write(".model.checkpoint.tmp-\(gone.processIdentifier)-1", "half")
      let last = try Tool("rs-train", words)
      #expect(last.status == 0 && last.errors.isEmpty, "\(last.errors)")
    }
    for file in ["model.safetensors", "config.json"] {
      #expect(try bytes("\(scratch["model"])/\(file)") == bytes("\(scratch["whole"])/\(file)"), "\(file)")
    }
    #expect(scratch.entries == ["model", "whole"])
  }

  private func modified(_ path: String) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
  }

  @Test func aCheckpointIsNeitherOverwrittenNorMisused() throws {
    let data = try Sample.shared().data
    let scratch = try Scratch()
    let job = Self.jobs[0]
    let words = job.words(data, scratch["model"], threads: 1) + ["--checkpoint-every", "1"]
    _ = try Tool("rs-train", words) { process in
      while process.isRunning, !scratch.entries.contains("model.checkpoint") {
        Thread.sleep(forTimeInterval: 0.002)
      }
      kill(process.processIdentifier, SIGKILL)
    }
    let path = scratch["model.checkpoint"]
    // A checkpoint that was being written when the process died is cleared away by the next run.
    #expect(try Tool("rs-train", words).status == 1)
    #expect(scratch.entries == ["model.checkpoint"])
    try Refusal.expect("rs-train", words, names: [path, "--resume", "delete it"], in: scratch)
    try Refusal.expect(
      "rs-train", words + ["--resume", "--seed", "3"], names: [path, "its seed is 0, now it is 3"],
      in: scratch)
    try Refusal.expect(
      "rs-train", ["--data", data, "--search", "3", "--output", scratch["model"]],
      names: [path, "--resume"], in: scratch)
    let other = try Scratch()
    try #require(
      Tool("rs-data", "synth", "--llms", "20", "--queries", "1000", "--output", other["data"]).status == 0)
    try Refusal.expect(
      "rs-train", job.words(other["data"], scratch["model"], threads: 1) + ["--resume"],
      names: [path, "its data set is"], in: scratch)
    try truncate(path)
    try Refusal.expect("rs-train", words + ["--resume"], names: [path], in: scratch)
  }
}
