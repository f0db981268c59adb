import CommandLineKit
import FileFormats
import NumericKernels
import RoutingData

/// `rs-data synth`: draws a dataset whose truth is known.
enum SynthCommand {
  enum Preset: String, CaseIterable {
    case sample, full

    var options: SyntheticOptions { self == .sample ? .sample : .full }
  }

  static let preset = Option.choice(
    "preset", placeholder: "NAME", of: Preset.self, default: .sample,
    help: "size: sample has 200 LLMs and 6,000 queries, full 8,500 and 24,000")
  static let output = Option.string("output", placeholder: "DIR", help: "dataset folder to write")
  static let overwrite = Option.flag("overwrite", help: "replace a dataset folder that exists")
  static let llms = Option.integer(
    "llms", placeholder: "N", in: 1...1_000_000, help: "number of LLMs"
  ).optional(meaning: "the preset's")
  static let queries = Option.integer(
    "queries", placeholder: "N", in: 1_000...10_000_000, help: "number of queries"
  ).optional(meaning: "the preset's")
  static let dimensions = Option.integer(
    "dimensions", placeholder: "D", in: 2...4096, help: "length of a query embedding"
  ).optional(meaning: "the preset's")
  static let missing = Option.double(
    "missing", placeholder: "X", default: 0, in: 0...0.99, help: "share of responses that are missing")

  static let memoryLimit = Option.integer(
    "memory-limit", placeholder: "GIB", default: 4, in: 1...65_536,
    help: "memory that making the data may take; more is refused before it is taken")

  static let command = Command(
    name: "synth",
    summary: "Make a synthetic dataset shaped like RouterEval, with its truth beside it.",
    options: [
      preset, output, overwrite, llms, queries, dimensions, missing, memoryLimit,
      CommonOptions.seed, CommonOptions.threads, CommonOptions.quiet,
    ],
    examples: ["rs-data synth --preset sample --output sample/"]
  ) { arguments in
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    var options = arguments[preset].options
    options.seed = UInt64(arguments[CommonOptions.seed])
    options.llms = arguments[llms] ?? options.llms
    options.queries = arguments[queries] ?? options.queries
    options.dimensions = arguments[dimensions] ?? options.dimensions
    options.missing = arguments[missing]
    options.memoryLimit = arguments[memoryLimit] << 30
    let lock = try FileLock(output: arguments[output])
    defer { lock.release() }
    try DatasetFolder.checkOutput(arguments[output], replacing: arguments[overwrite])
    let progress = ProgressLine("generating", total: 100, unit: "percent")
    let dataset = try SyntheticGenerator.generate(options) { progress.update(Int($0 * 100)) }
    progress.finish()
    try DatasetFolder.write(dataset, to: arguments[output], replacing: arguments[overwrite])
    try StandardOutput.writeLine(DatasetSummary.line(dataset, folder: arguments[output]))
  }
}
