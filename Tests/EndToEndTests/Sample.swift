import Foundation

/// A synthetic dataset and a model trained on it, made once for all tests.
struct Sample: Sendable {
  static let llms = 60
  static let queries = 1500
  static let factors = 8

  let data: String
  let model: String

  private static let folder = Result { try Scratch() }
  private static let made = Result { try make() }

  static func shared() throws -> Sample { try made.get() }

  /// The words that make the dataset at a path.
  static func synth(_ output: String) -> [String] {
    ["synth", "--llms", "\(llms)", "--queries", "\(queries)", "--dimensions", "16", "--output", output]
  }

  /// The words that train the model at a path.
  static func train(data: String, _ output: String) -> [String] {
    ["--data", data, "--factors", "\(factors)", "--max-sweeps", "60", "--output", output]
  }

  private static func make() throws -> Sample {
    let scratch = try folder.get()
    // A static never ends, so its folder is removed when the process does.
    atexit {
      if let path = try? Sample.folder.get().path { try? FileManager.default.removeItem(atPath: path) }
    }
    let sample = Sample(data: scratch["data"], model: scratch["model"])
    for (name, words) in [
      ("rs-data", synth(sample.data)), ("rs-train", train(data: sample.data, sample.model)),
    ] {
      let run = try Tool(name, words)
      guard run.status == 0 else { throw Failed(description: "\(name): \(run.errors)") }
    }
    return sample
  }

  /// Why there is no sample.
  private struct Failed: Error, CustomStringConvertible {
    let description: String
  }
}
