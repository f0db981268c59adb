import ColdStart
import CommandLineKit
import FileFormats
import NumericKernels
import RoutingData

/// `rs-coldstart evaluate`: how well new LLMs are placed, measured on known ones that are held out.
enum EvaluateCommand {
  static let data = Option.string("data", placeholder: "DIR", help: "dataset folder")
  static let holdOut = Option.choice(
    "hold-out", placeholder: "WHAT", of: HoldOut.self, default: .family, help: "what the model never sees")
  static let benchmarks = Option.list("benchmarks", placeholder: "A,B", help: "benchmarks to place on")
    .optional(meaning: "all")
  static let answers = Option.integers(
    "answers", placeholder: "N,N", default: [5, 10, 20, 50, 100, 200], in: 1...1_000_000,
    help: "numbers of answers of a new LLM")
  static let anchors = Option.list(
    "anchors", placeholder: "A,B", default: AnchorPolicy.all.map(\.name),
    help: "how anchors are chosen: \(AnchorPolicy.all.map(\.name).joined(separator: ", "))")
  static let factors = Option.integer(
    "factors", placeholder: "K", default: 3, in: 1...64, help: "number of abilities of an LLM")
  static let llms = Option.integer(
    "llms", placeholder: "N", default: 200, in: 1...1_000_000, help: "LLMs to place at most, by lot")

  static let command = Command(
    name: "evaluate",
    summary: "Hold LLMs out and place them by a few answers: errors and intervals by number of answers.",
    options: [data, holdOut, benchmarks, answers, anchors, factors, llms] + CommonOptions.all,
    examples: ["rs-coldstart evaluate --data mmlu_pro/ --hold-out family"],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let dataset = try DatasetFolder.open(arguments[data])
    let policies = try arguments[anchors].map { name in
      guard let policy = AnchorPolicy.all.first(where: { $0.name == name }) else {
        throw UsageError("unknown choice of anchors '\(name)'")
      }
      return policy
    }
    var all: [PlacedLLM] = []
    for benchmark in try dataset.benchmarks(named: arguments[benchmarks] ?? []) {
      let experiment = try LLMExperiment(
        benchmark, catalog: dataset.catalog, holdOut: arguments[holdOut], policies: policies,
        counts: arguments[answers], factors: arguments[factors], mostLLMs: arguments[llms],
        seed: UInt64(arguments[CommonOptions.seed]))
      for fold in 0..<experiment.foldCount { all += try experiment.placed(fold: fold) }
    }
    let summaries = PlacementSummary.of(all)
    if arguments[CommonOptions.json] { return try StandardOutput.writeJSON(summaries) }
    var table = TextTable([
      .left("benchmark"), .left("anchors"), .left("estimator"), .right("answers"), .right("LLMs"),
      .right("MAE"), .right("±"), .right("bias"), .right("coverage"), .right("width"),
    ])
    for summary in summaries {
      table.append([
        summary.benchmark, summary.anchors, summary.estimator.rawValue, "\(summary.answers)",
        "\(summary.llms)", NumberFormatting.fixed(100 * summary.error, 2),
        NumberFormatting.fixed(100 * summary.standardError, 2), NumberFormatting.fixed(100 * summary.bias, 2),
        NumberFormatting.fixed(summary.coverage, 3), NumberFormatting.fixed(100 * summary.width, 1),
      ])
    }
    try StandardOutput.write(table.render())
  }
}
