import ColdStart
import CommandLineKit
import FileFormats
import Learning
import Models
import NumericKernels
import RoutingData

/// `rs-coldstart label`: a model that knows a new benchmark from a few labelled queries.
enum LabelCommand {
  static let data = Option.string(
    "data", placeholder: "DIR",
    help:
      "dataset folder of the new benchmark: embeddings of the model's encoder, and some answers of known LLMs"
  )
  static let benchmark = Option.string(
    "benchmark", placeholder: "NAME", help: "the new benchmark"
  ).optional(meaning: "the folder's only one")
  static let labels = Option.integer(
    "labels", placeholder: "N", default: 50, in: 1...1_000_000,
    help: "answered queries to learn from, by lot, train queries first; the other answered ones are measured")
  static let output = Option.string(
    "output", placeholder: "DIR", help: "model folder to write, which knows the benchmark"
  ).optional(meaning: "none")

  static let command = Command(
    name: "label",
    summary:
      "Teach a model a new benchmark by a few labelled queries: how hard it is and which LLMs do better on it than "
      + "elsewhere; log-loss and V_B on the other answered queries.",
    options: [SharedOptions.model, data, benchmark, labels, output, PlaceCommand.overwrite]
      + CommonOptions.all,
    examples: ["rs-coldstart label --model model/ --data new_benchmark/ --labels 50 --output with-it/"],
    run: run)

  private struct Line: Encodable {
    let predictions: String
    let queries: Int
    let logLoss: Double
    let ratios: [Int: Double]
  }

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let folder = arguments[SharedOptions.model]
    let lock = try arguments[output].map { try FileLock(output: $0, inputs: [folder, arguments[data]]) }
    defer { lock?.release() }
    if let output = arguments[output] {
      try AtomicFolder.check(output, replacing: arguments[PlaceCommand.overwrite], marker: ModelFolder.marker)
    }
    let stored = try ModelFolder.read(folder)
    let model: FactorModel
    do throws(DataError) { model = try stored.factorModel() } catch {
      throw FileError(folder, error.description)
    }
    let dataset = try DatasetFolder.open(arguments[data])
    guard arguments[benchmark] != nil || dataset.benchmarks.count == 1 else {
      throw UsageError(
        "\(arguments[data]) has several benchmarks, choose one with --benchmark: "
          + dataset.benchmarks.map(\.name).joined(separator: ", "))
    }
    let chosen = try dataset.benchmarks(named: arguments[benchmark].map { [$0] } ?? [])[0]
    let new: NewBenchmark
    let extended: FactorModel
    do {
      try stored.requireEncoders(of: dataset)
      new = try NewBenchmark(
        chosen, catalog: dataset.catalog, model: model, labels: arguments[labels],
        seed: UInt64(arguments[CommonOptions.seed]))
      extended = try new.extendedModel()
    } catch let error as DataError { throw FileError(arguments[data], error.description) }
    // Written first, so that a failure has nothing beside its one line.
    if let output = arguments[output] {
      var made = stored
      made.router = extended
      let grown = made
      try AtomicFolder.write(
        to: output, replacing: arguments[PlaceCommand.overwrite], marker: ModelFolder.marker
      ) { staging in try ModelFolder.write(grown, into: staging) }
    }
    note(new)
    try print(new, asJSON: arguments[CommonOptions.json])
    if let output = arguments[output] {
      Log.note("wrote \(output), a model that knows benchmark '\(chosen.name)'")
    }
  }

  private static func note(_ new: NewBenchmark) {
    if let first = new.unknownLLMs.first {
      Log.note(
        "\(NumberFormatting.count(new.unknownLLMs.count)) LLMs are not used, the model does not know them: '\(first)'"
          + (new.unknownLLMs.count > 1 ? ", …" : ""))
    }
    if new.testLabelCount > 0 {
      Log.note(
        "\(NumberFormatting.count(new.testLabelCount)) labels are test queries of the benchmark: its other queries have too "
          + "few answers; measured on the test part, the model is flattered")
    }
    Log.note(
      "learned from \(NumberFormatting.count(new.llmCount)) LLM\(new.llmCount == 1 ? "" : "s"); the benchmark's log-odds are moved by "
        + NumberFormatting.fixed(new.shift, 2))
  }

  private static func print(_ new: NewBenchmark, asJSON: Bool) throws {
    let lines = new.qualities().map {
      Line(
        predictions: $0.name, queries: new.restCount, logLoss: $0.quality.logLoss, ratios: $0.quality.ratios)
    }
    if asJSON { return try StandardOutput.writeJSON(lines) }
    guard !lines.isEmpty else {
      return Log.note("every answered query is a label: nothing is left to measure on")
    }
    let sizes = Set(lines.flatMap { $0.ratios.keys }).sorted()
    var table = TextTable(
      [.left("predictions"), .right("queries"), .right("log-loss")] + sizes.map { .right("V_B m=\($0)") })
    for line in lines {
      table.append(
        [line.predictions, NumberFormatting.count(line.queries), NumberFormatting.fixed(line.logLoss, 4)]
          + sizes.map { NumberFormatting.fixed(line.ratios[$0], 4) })
    }
    try StandardOutput.write(table.render())
  }
}
