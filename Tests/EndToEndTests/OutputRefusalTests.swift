import Foundation
import Testing

/// Outputs that can't be written, and names that don't exist.
@Suite struct OutputRefusalTests {
  @Test func outputExists() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let data = try scratch.copy(sample.data, to: "data")
    let model = try scratch.copy(sample.model, to: "model")
    let file = try scratch.write("plain", "text")
    let csv = try scratch.write("a.csv", "query,llm,score\nq,a,1\n")
    let exists = "exists already: replace it with --overwrite"
    try Refusal.expect("rs-data", Sample.synth(data), names: ["\(data): \(exists)"], in: scratch)
    try Refusal.expect(
      "rs-data", ["import", "csv", csv, "--output", data], names: ["\(data): \(exists)"], in: scratch)
    try Refusal.expect(
      "rs-train", Sample.train(data: data, model), names: ["\(model): \(exists)"], in: scratch)
    try Refusal.expect(
      "rs-export", ["--model", model, "--format", "projector", "--output", data],
      names: ["\(data): \(exists)"], in: scratch)
    for (name, words) in [
      ("rs-data", Sample.synth(file)), ("rs-train", Sample.train(data: data, file)),
    ] {
      try Refusal.expect(
        name, words + ["--overwrite"], names: ["\(file): exists and is not a folder"], in: scratch)
    }
  }

  /// The output is looked at before the input, which may take minutes to read.
  @Test func outputIsCheckedBeforeTheWork() throws {
    let scratch = try Scratch()
    let data = try scratch.copy(Sample.shared().data, to: "data")
    let damaged = try scratch.write("damaged.csv", "query")
    for output in [data, "/proc/out"] {
      try Refusal.expect(
        "rs-data", ["import", "csv", damaged, "--output", output], names: ["error: \(output): "], in: scratch)
    }
    // Folders that were made around an output go with the work that failed.
    try Refusal.expect(
      "rs-data", ["import", "csv", damaged, "--output", scratch["absent/out"]],
      names: ["error: \(damaged): "],
      in: scratch)
  }

  /// What another program, or another command, put there is never replaced.
  @Test func overwriteNeedsAFolderOfItsOwnKind() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let data = try scratch.copy(sample.data, to: "data")
    let model = try scratch.copy(sample.model, to: "model")
    let kept = "is not replaced"
    try Refusal.expect(
      "rs-data", Sample.synth(model) + ["--overwrite"], names: ["\(model): \(kept)", "dataset.json"],
      in: scratch)
    try Refusal.expect(
      "rs-train", Sample.train(data: data, data) + ["--overwrite"],
      names: ["\(data): \(kept)", "config.json"], in: scratch)
    try Refusal.expect(
      "rs-export", ["--model", model, "--format", "projector", "--output", data, "--overwrite"],
      names: ["\(data): \(kept)", "tensors.tsv"], in: scratch)
  }

  /// A folder that is read is not written into: it would no longer be what its hashes say, or not at all.
  @Test func outputsStayOutOfInputs() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let data = try scratch.copy(sample.data, to: "data")
    let model = try scratch.copy(sample.model, to: "model")
    let inside = "can't be written inside the input"
    try Refusal.expect(
      "rs-train", Sample.train(data: data, "\(data)/model"), names: ["\(data)/model: \(inside) \(data)"],
      in: scratch)
    for output in ["\(model)/config.json", "\(model)/../model/e.npy"] {
      try Refusal.expect(
        "rs-export", ["--model", model, "--output", output], names: ["\(output): \(inside) \(model)"],
        in: scratch)
    }
    let around = try scratch.copy(sample.model, to: "around")
    let inner = try scratch.copy(sample.data, to: "around/data")
    try Refusal.expect(
      "rs-train", Sample.train(data: inner, around) + ["--overwrite"],
      names: ["\(around): can't be written: the input \(inner) lies in it"], in: scratch)
  }

  /// A folder that nothing can be written to, not even by root.
  @Test func parentCannotHoldTheOutput() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let parent = "/proc"
    let csv = try scratch.write("a.csv", "query,llm,score\nq,a,1\n")
    let output = "\(parent)/out"
    for (name, words) in [
      ("rs-data", Sample.synth(output)), ("rs-data", ["import", "csv", csv, "--output", output]),
      ("rs-train", Sample.train(data: sample.data, output)),
      ("rs-export", ["--model", sample.model, "--output", output]),
      ("rs-export", ["--model", sample.model, "--format", "projector", "--output", output]),
    ] {
      try Refusal.expect(name, words, names: ["\(output): can't be written: "], in: scratch)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root writes to read-only folders"))
  func parentIsReadOnly() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: scratch.path)
    defer { try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path) }
    let output = scratch["out"]
    for (name, words) in [
      ("rs-data", Sample.synth(output)), ("rs-train", Sample.train(data: sample.data, output)),
      ("rs-export", ["--model", sample.model, "--output", output]),
    ] {
      try Refusal.expect(name, words, names: ["\(output): ", "Permission denied"], in: scratch)
    }
  }

  @Test func unknownNames() throws {
    let data = try Sample.shared().data
    let scratch = try Scratch()
    let output = scratch["out"]
    let named = ["unknown benchmark 'nope'", "arc", "mmlu_pro"]
    try Refusal.expect(
      "rs-train", ["--data", data, "--benchmarks", "arc,nope", "--output", output], names: named, in: scratch)
    try Refusal.expect("rs-eval", ["--data", data, "--benchmarks", "nope"], names: named, in: scratch)
    try Refusal.expect(
      "rs-train", ["--data", data, "--encoder", "nope", "--output", output], names: ["'nope'", "synthetic"],
      in: scratch)
    for (name, words) in [
      ("rs-data", ["info", output]), ("rs-data", ["verify", output]), ("rs-eval", ["--data", output]),
    ] {
      try Refusal.expect(name, words, names: ["\(output): is not a dataset folder"], in: scratch)
    }
    try Refusal.expect(
      "rs-export", ["--model", output, "--output", scratch["e"]],
      names: ["\(output): is not a model folder: there is nothing of this name"], in: scratch)
  }

  @Test func poolsTooLarge() throws {
    let data = try Sample.shared().data
    let scratch = try Scratch()
    try Refusal.expect(
      "rs-eval", ["--data", data, "--pools", "1000"], names: ["nothing to evaluate", "1000", "of 60"],
      in: scratch)
    let some = try Tool(
      "rs-eval", "--data", data, "--pools", "3,1000", "--benchmarks", "mmlu", "--resamples", "100", "--csv")
    #expect(some.status == 0)
    #expect(some.output.split(separator: "\n").count == 1 + 3 * 3)
  }
}
