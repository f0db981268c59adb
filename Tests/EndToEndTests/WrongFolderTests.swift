import Foundation
import Testing

/// A folder that is not what a command asks for is called what it is, by every command that asks for one.
@Suite struct WrongFolderTests {
  /// Something that a user may give in the place of a dataset or a model, and what it is called.
  private struct Wrong {
    let path: String
    let name: String
  }

  private static func wrong(in scratch: Scratch) throws -> [Wrong] {
    let empty = scratch["empty"]
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
    let results = scratch["results"]
    try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: false)
    _ = try scratch.write("results/run.json", "{}")
    return [
      Wrong(path: scratch["none"], name: "there is nothing of this name"),
      Wrong(path: try scratch.write("file", "text"), name: "but a file"),
      Wrong(path: empty, name: "it holds no "), Wrong(path: results, name: "but a results folder"),
    ]
  }

  @Test func dataset() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let out = scratch["out"]
    let csv = try scratch.write("log.csv", DebiasTests.log())
    let wrong = try Self.wrong(in: scratch) + [Wrong(path: sample.model, name: "but a model folder")]
    for folder in wrong {
      let path = folder.path
      for (program, words) in [
        ("rs-data", ["info", path]), ("rs-data", ["verify", path]), ("rs-data", ["audit", path]),
        ("rs-data", ["import", "csv", csv, "--merge", "--output", path]),
        ("rs-data", ["import", "csv", csv, "--add", "--output", path]),
        ("rs-train", ["--data", path, "--output", out]), ("rs-train", ["--log", path, "--output", out]),
        ("rs-eval", ["--data", path]), ("rs-eval", ["benchmark", "--data", path, "--output", out]),
        ("rs-coldstart", ColdStartTests.evaluate(data: path, out)),
        ("rs-coldstart", ["plan", "--model", sample.model, "--data", path, "--benchmark", "gsm8k"]),
        (
          "rs-coldstart",
          [
            "label", "--model", sample.model, "--data", path, "--benchmark", "gsm8k", "--labels", "5",
            "--output",
            out,
          ]
        ),
        ("rs-debias", DebiasTests.simulate(data: path, out)), ("rs-debias", ["check", path]),
        ("rs-debias", ["import", csv, "--data", path, "--benchmark", "gsm8k", "--output", out]),
        ("rs-debias", DebiasExperimentTests.evaluate(data: path, out)),
      ] {
        try Refusal.expect(
          program, words, names: ["\(path): is not a dataset folder", folder.name], in: scratch)
      }
    }
  }

  @Test func model() throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    let out = scratch["out"]
    let csv = try scratch.write("new.csv", "query,score\n")
    let wrong = try Self.wrong(in: scratch) + [Wrong(path: sample.data, name: "but a dataset folder")]
    for folder in wrong {
      let path = folder.path
      for (program, words) in [
        ("rs-export", ["--model", path, "--output", out]),
        ("rs-eval", ["--data", sample.data, "--model", path]),
        ("rs-eval", ["--data", sample.data, "--routers", "model:\(path)"]),
        ("rs-coldstart", ["plan", "--model", path, "--benchmark", "gsm8k"]),
        ("rs-coldstart", ["ask", "--model", path, "--benchmark", "gsm8k", "--session", out]),
        ("rs-coldstart", ["place", "--model", path, "--answers", csv, "--name", "new", "--output", out]),
        ("rs-debias", ["spread", path, "--margin", ".1", "--output", out]),
      ] {
        try Refusal.expect(
          program, words, names: ["\(path): is not a model folder", folder.name], in: scratch)
      }
    }
  }
}
