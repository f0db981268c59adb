import ColdStart
import CommandLineKit
import NumericKernels
import RoutingData

/// `rs-coldstart evaluate`: how well new LLMs are placed, measured on known ones that are held out.
enum EvaluateCommand {
  static let data = Option.string("data", placeholder: "DIR", help: "dataset folder")
  static let holdOut = Option.choice(
    "hold-out", placeholder: "WHAT", of: HoldOut.self, default: .family, help: "what the model never sees")
  static let output = Option.string(
    "output", placeholder: "DIR", help: "results folder; a run that was stopped goes on in its folder"
  ).optional(meaning: "none")
  static let benchmarks = Option.list(
    "benchmarks", placeholder: "A,B", help: "benchmarks to place on, each an experiment of its own"
  ).optional(meaning: "all")
  static let answers = Option.integers(
    "answers", placeholder: "N,N", default: [5, 10, 20, 50, 100, 200], in: 1...1_000_000,
    help: "numbers of answers of a new LLM")
  static let anchors = Option.list(
    "anchors", placeholder: "A,B", default: AnchorPolicy.all.map(\.name),
    help: "how anchors are chosen: \(AnchorPolicy.all.map(\.name).joined(separator: ", "))")
  static let factors = Option.integer(
    "factors", placeholder: "K", default: 3, in: 1...64, help: "number of abilities of an LLM")
  static let llms = Option.integer(
    "llms", placeholder: "N", default: 200, in: 1...1_000_000,
    help: "LLMs to place at most on each benchmark, by lot")
  static let all = Option.flag(
    "all", help: "print every estimator and choice of anchors, not only the best of each number of answers")

  static let routing = Option.flag(
    "routing", help: "also route to pools with the new LLMs; the results folder gets routing.csv")
  static let encoder = Option.string(
    "encoder", placeholder: "NAME", help: "the query embeddings to route by"
  ).optional(meaning: "the only one")

  static let labels = Option.integers(
    "labels", placeholder: "N,N", default: [5, 10, 20, 50, 100], in: 0...1_000_000,
    help: "numbers of labelled queries of a held-out benchmark, sub-scenario or fold of queries")

  static let command = Command(
    name: "evaluate",
    summary: "Hold LLMs out and place them by a few answers: errors and intervals by number of answers.",
    options: [
      data, holdOut, output, benchmarks, answers, anchors, factors, llms, all, routing, encoder, labels,
    ]
      + CommonOptions.all,
    examples: [
      "rs-coldstart evaluate --data mmlu_pro/ --hold-out family --output run/",
      "rs-coldstart evaluate --data gsm8k/ --hold-out frontier --anchors adaptive,random --answers 20,50",
    ],
    run: run)

  /// What `--json` prints.
  private struct Summary: Encodable {
    let summary: [PlacementSummary]
    let answersNeeded: [AnswersNeeded]
    let routing: [RoutingSummary]
    let skipped: [SkippedBenchmark]

    enum CodingKeys: String, CodingKey {
      case summary
      case answersNeeded = "answers_needed"
      case routing, skipped
    }
  }

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    try requireFittingOptions(arguments)
    let dataset = try DatasetFolder.open(arguments[data])
    guard arguments[holdOut].isOfLLMs else { return try UnseenEvaluation.run(dataset, arguments) }
    let chosen = try dataset.benchmarks(named: arguments[benchmarks] ?? [])
    let encoders =
      arguments[routing] ? try chosen.map { try dataset.encoder(arguments[encoder], for: [$0]) } : nil
    let configuration = PlacementConfiguration(
      version: Release.version, datasetHash: dataset.hash, benchmarks: chosen.map(\.name),
      holdOut: arguments[holdOut], answers: arguments[answers], policies: try policies(arguments),
      factors: arguments[factors], llms: arguments[llms], seed: UInt64(arguments[CommonOptions.seed]),
      routing: encoders)
    let folder = try arguments[output].map { try PlacementFolder($0, configuration: configuration) }
    if let folder {
      InterruptionAdvice.set { [path = folder.path] in "\(path) is kept: the same command goes on from it" }
    }
    let run = try PlacementRun(configuration, benchmarks: chosen, catalog: dataset.catalog)
    for benchmark in run.skipped { Log.note("left out: \(benchmark.reason)") }
    let progress = ProgressLine("placing", total: run.foldCount, unit: "folds")
    let result = try run.result(saving: folder) { progress.update($0) }
    progress.finish()
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(
        Summary(
          summary: result.summaries, answersNeeded: result.answersNeeded, routing: result.routing,
          skipped: result.skipped))
    } else {
      try StandardOutput.write(PlacementText.text(result, isWhole: arguments[all]))
      if !result.routing.isEmpty { try RoutingText.print(result.routing) }
    }
    if let folder { Log.note("wrote \(folder.path)") }
  }

  /// The options that only experiments on LLMs look at, and those that only experiments on queries do.
  private static let ofLLMs: [any OptionDeclaration] = [answers, anchors, all, routing]
  private static let ofQueries: [any OptionDeclaration] = [labels]

  /// Refuses an option that this experiment would not look at, saying what it goes with.
  private static func requireFittingOptions(_ arguments: Arguments) throws {
    let isOfLLMs = arguments[holdOut].isOfLLMs
    let fitting = HoldOut.allCases.filter { $0.isOfLLMs != isOfLLMs }.map(\.rawValue)
    for option in isOfLLMs ? ofQueries : ofLLMs where arguments.isGiven(option) {
      throw UsageError(
        "'--\(option.specification.name)' goes with '--hold-out \(fitting.joined(separator: "|"))', not with "
          + "'\(arguments[holdOut].rawValue)'")
    }
    guard isOfLLMs, arguments.isGiven(encoder), !arguments[routing] else { return }
    throw UsageError(
      "'--encoder' goes with '--routing' where LLMs are held out: placing them looks at no embedding")
  }

  private static func policies(_ arguments: Arguments) throws -> [AnchorPolicy] {
    try arguments[anchors].map { name in
      guard let policy = AnchorPolicy.all.first(where: { $0.name == name }) else {
        throw UsageError(
          "unknown choice of anchors '\(name)'; there are: \(AnchorPolicy.all.map(\.name).joined(separator: ", "))"
        )
      }
      return policy
    }
  }
}
