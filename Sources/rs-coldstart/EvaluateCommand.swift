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

  static let routing = Option.string(
    "routing", placeholder: "FILE",
    help: "also route to pools with the new LLMs, and write what each pool reaches as CSV"
  ).optional(meaning: "none")
  static let encoder = Option.string(
    "encoder", placeholder: "NAME", help: "the query embeddings to route by"
  ).optional(meaning: "the only one")

  static let labels = Option.integers(
    "labels", placeholder: "N,N", default: [5, 10, 20, 50, 100], in: 0...1_000_000,
    help: "numbers of labelled queries of a held-out benchmark, sub-scenario or fold of queries")

  static let command = Command(
    name: "evaluate",
    summary: "Hold LLMs out and place them by a few answers: errors and intervals by number of answers.",
    options: [data, holdOut, benchmarks, answers, anchors, factors, llms, routing, encoder, labels]
      + CommonOptions.all,
    examples: ["rs-coldstart evaluate --data mmlu_pro/ --hold-out family"],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let dataset = try DatasetFolder.open(arguments[data])
    if !arguments[holdOut].isOfLLMs { return try measureUnseen(dataset, arguments) }
    let policies = try arguments[anchors].map { name in
      guard let policy = AnchorPolicy.all.first(where: { $0.name == name }) else {
        throw UsageError("unknown choice of anchors '\(name)'")
      }
      return policy
    }
    var all: [PlacedLLM] = []
    var routed: [RoutedLLM] = []
    for benchmark in try dataset.benchmarks(named: arguments[benchmarks] ?? []) {
      let experiment = try LLMExperiment(
        benchmark, catalog: dataset.catalog, holdOut: arguments[holdOut], policies: policies,
        counts: arguments[answers], factors: arguments[factors], mostLLMs: arguments[llms],
        seed: UInt64(arguments[CommonOptions.seed]))
      for fold in 0..<experiment.foldCount { all += try experiment.placed(fold: fold) }
      guard arguments[routing] != nil else { continue }
      var pools = try RoutingExperiment(
        experiment, encoder: dataset.encoder(arguments[encoder], for: [benchmark]))
      for fold in 0..<pools.foldCount { routed += try pools.routed(fold: fold) }
    }
    if let path = arguments[routing] { try AtomicFile.write(RoutedLLM.csv(routed), to: path) }
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
    if !routed.isEmpty { try RoutingText.print(RoutingSummary.of(routed)) }
  }

  /// What queries, sub-scenarios or benchmarks that are held out are predicted to be.
  private static func measureUnseen(_ dataset: Dataset, _ arguments: Arguments) throws {
    let experiment = try UnseenExperiment(
      dataset, benchmarks: arguments[benchmarks] ?? [], holdOut: arguments[holdOut],
      encoder: arguments[encoder], counts: arguments[labels], factors: arguments[factors],
      mostLLMs: arguments[llms], seed: UInt64(arguments[CommonOptions.seed]))
    var results: [UnseenResult] = []
    for fold in 0..<experiment.foldCount { results += try experiment.results(fold: fold) }
    if let path = arguments[routing] { try AtomicFile.write(UnseenResult.csv(results), to: path) }
    let summaries = UnseenSummary.of(results)
    if arguments[CommonOptions.json] { return try StandardOutput.writeJSON(summaries) }
    try UnseenText.print(summaries)
  }
}
