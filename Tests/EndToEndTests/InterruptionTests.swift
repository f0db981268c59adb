import Foundation
import Testing

/// Ctrl-C in the middle of the work leaves what was there before, and nothing else.
@Suite(.serialized) struct InterruptionTests {
  /// Runs a command until a temporary stands in the folder, interrupts it and waits.
  ///
  /// - Parameter isFolderReady: whether it is time, told the folder's entries; the interrupt follows
  ///   `pause` seconds later, time enough for a program that has just been started.
  private func interrupt(
    _ name: String, _ words: [String], in folder: Scratch, pause: Double = 0.8,
    when isReady: ([String]) -> Bool
  ) throws -> Tool {
    // A test run in the background would pass on that SIGINT is ignored.
    try Tool("/usr/bin/env", ["--default-signal=INT", "\(Tool.folder)/\(name)"] + words) { process in
      let deadline = Date(timeIntervalSinceNow: 60)
      while process.isRunning, !isReady(folder.entries) {
        try #require(Date() < deadline, "it never started to write")
        Thread.sleep(forTimeInterval: 0.005)
      }
      Thread.sleep(forTimeInterval: pause)
      try #require(process.isRunning, "too fast to be interrupted")
      process.interrupt()
    }
  }

  private func expectInterrupted(_ run: Tool, _ name: String, advice: String = "") {
    #expect(run.wasKilled && run.status == SIGINT, "status \(run.status)")
    #expect(run.output.isEmpty)
    #expect(run.errors == "\(name): interrupted\(advice)\n")
  }

  private func expectCheckpointed(_ run: Tool, _ path: String) {
    expectInterrupted(
      run, "rs-train", advice: "; \(path) is kept: the same command with --resume goes on from it")
  }

  private func hasTemporary(_ entries: [String]) -> Bool { entries.contains { $0.contains(".tmp-") } }

  /// A fit that would take minutes, which never converges.
  private func endlessTraining(_ data: String, _ output: String) -> [String] {
    [
      "--data", data, "--factors", "48", "--max-sweeps", "100000", "--tolerance", "0", "--l2", "0.01",
      "--patience", "0", "--checkpoint-every", "1", "--output", output,
    ]
  }

  private func hasCheckpoint(_ entries: [String]) -> Bool { entries.contains("model.checkpoint") }

  @Test func trainingLeavesItsCheckpointOnly() throws {
    let scratch = try Scratch()
    let words = try endlessTraining(Sample.shared().data, scratch["model"])
    expectCheckpointed(
      try interrupt("rs-train", words, in: scratch, when: hasCheckpoint), scratch["model.checkpoint"])
    #expect(scratch.entries == ["model.checkpoint"])
  }

  @Test func trainingKeepsTheOlderModel() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let model = try scratch.copy(sample.model, to: "model")
    let words = endlessTraining(sample.data, model) + ["--overwrite"]
    expectCheckpointed(
      try interrupt("rs-train", words, in: scratch, when: hasCheckpoint), scratch["model.checkpoint"])
    #expect(scratch.entries == ["model", "model.checkpoint"])
    for file in ["model.safetensors", "config.json"] {
      #expect(try bytes("\(model)/\(file)") == bytes("\(sample.model)/\(file)"))
    }
  }

  @Test(arguments: [false, true])
  func synthesisKeepsTheOlderDataset(whileWriting: Bool) throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let data = try scratch.copy(sample.data, to: "data")
    // Long embeddings, so that writing takes long enough to be interrupted.
    let words = [
      "synth", "--llms", "1000", "--queries", "24000", "--dimensions", "2048", "--output", data,
      "--overwrite",
    ]
    let run = try interrupt("rs-data", words, in: scratch, pause: whileWriting ? 0.02 : 0.8) {
      !whileWriting || hasTemporary($0)
    }
    expectInterrupted(run, "rs-data")
    #expect(scratch.entries == ["data"])
    #expect(try Tool("rs-data", "verify", data).status == 0)
    #expect(try bytes("\(data)/dataset.json") == bytes("\(sample.data)/dataset.json"))
  }
}
