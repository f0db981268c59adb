import ColdStart
import CommandLineKit
import FileFormats
import NumericKernels

/// `rs-coldstart plan`: a fixed list of queries to grade a new LLM on.
enum PlanCommand {
  static let benchmark = Option.string(
    "benchmark", placeholder: "NAME", help: "the benchmark to choose queries of"
  ).optional(meaning: "the model's only one")
  static let anchors = Option.integer(
    "anchors", placeholder: "N", default: 50, in: 1...1_000_000, help: "number of queries")
  static let method = Option.choice(
    "method", placeholder: "METHOD", of: AnchorMethod.self, default: .aOptimal, help: "how they are chosen")
  static let output = Option.string(
    "output", placeholder: "FILE.csv", help: "file to write"
  ).optional(meaning: "standard output")
  static let overwrite = Option.flag("overwrite", help: "replace a file that exists")

  static let command = Command(
    name: "plan",
    summary:
      "Choose a fixed list of queries to grade a new LLM on: a CSV with an empty column score, which place reads "
      + "when it is filled in.",
    options: [SharedOptions.model, SharedOptions.data, benchmark, anchors, method, output, overwrite]
      + CommonOptions.all,
    examples: ["rs-coldstart plan --model model/ --benchmark gsm8k --anchors 50 --output plan.csv"],
    run: run)

  private struct Line: Encodable {
    let benchmark: String
    let query: String
    let prompt: String?
  }

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let lock = try arguments[output].map {
      try FileLock(output: $0, inputs: [arguments[SharedOptions.model]])
    }
    defer { lock?.release() }
    if let path = arguments[output] { try AtomicFile.check(path, replacing: arguments[overwrite]) }
    let trained = try TrainedQueries(
      modelFolder: arguments[SharedOptions.model], data: arguments[SharedOptions.data])
    let names = arguments[benchmark].map { [$0] } ?? []
    guard !names.isEmpty || trained.benchmarks.count == 1 else {
      throw UsageError(
        "the model knows several benchmarks, choose one with --benchmark: "
          + trained.benchmarks.map(\.name).joined(separator: ", "))
    }
    let place = try trained.places(of: names)[0]
    let plan = AnchorPlan(
      trained.placement, of: trained.model, benchmark: place, seed: UInt64(arguments[CommonOptions.seed]))
    let chosen = try plan.anchors(
      arguments[anchors], by: arguments[method], answers: trained.knownAnswers(of: place))
    let ids = try trained.ids(of: place)
    let prompts = try trained.benchmarks[place].loadPrompts()
    let known = trained.placement.fold.benchmarks[place]
    let lines = chosen.map { query in
      Line(
        benchmark: known.benchmark, query: ids[known.rows[query]], prompt: prompts?[known.rows[query]])
    }
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(lines)
      return
    }
    var text = CSVRow.text(["benchmark", "query", "score", "prompt"])
    for line in lines { text += CSVRow.text([line.benchmark, line.query, "", line.prompt ?? ""]) }
    guard let path = arguments[output] else { return try StandardOutput.write(text) }
    try AtomicFile.write(text, to: path)
    try StandardOutput.writeLine(
      "\(NumberFormatting.count(lines.count)) queries of \(known.benchmark) (\(arguments[method].rawValue)); wrote "
        + "\(path): fill in the column score, then rs-coldstart place --answers \(path)")
  }
}
