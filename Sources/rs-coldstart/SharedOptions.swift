import CommandLineKit

/// The options that several subcommands have.
enum SharedOptions {
  static let model = Option.string(
    "model", placeholder: "DIR", help: "model folder of a factorization, best of --model mirt")
  static let data = Option.string(
    "data", placeholder: "DIR", help: "the dataset folder that the model was trained on"
  ).optional(meaning: "where it was when the model was trained")
  static let benchmarks = Option.list(
    "benchmark", placeholder: "A,B", help: "benchmarks whose accuracy is wanted"
  ).optional(meaning: "all of the model")
}
