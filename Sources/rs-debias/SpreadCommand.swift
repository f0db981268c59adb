import CommandLineKit
import Debiasing
import Evaluation
import FileFormats
import Metrics
import Models
import NumericKernels
import Routing
import RoutingData

/// `rs-debias spread`: how far the picks of a model can be spread over LLMs at next to no loss.
enum SpreadCommand {
  static let model = Positional.one("MODEL", help: "model folder of any router")
  static let data = Option.string(
    "data", placeholder: "DIR", help: "the dataset folder that the model was trained on"
  ).optional(meaning: "where it was when the model was trained")
  static let benchmark = Option.string(
    "benchmark", placeholder: "NAME", help: "the benchmark whose pools are spread"
  ).optional(meaning: "the only one")
  static let margin = Option.double(
    "margin", placeholder: "X", default: 0.005, in: 0.00001...0.5,
    help: "the loss of μ that is next to nothing")
  static let families = Option.list(
    "families", placeholder: "A,B", default: SpreadRule.Family.allCases.map(\.rawValue),
    help:
      "adjustment: s − τ·log(share + .001); near-ties: all within ε standard errors of the best; temperature: "
      + "softmax of s/T. Several share the error rate of .05")
  static let folds = Option.integer(
    "folds", placeholder: "N", in: 2...100,
    help:
      "walk on train queries, scored by N models that are trained without them, in the place of the validation "
      + "queries: N trainings for about eight times as many queries"
  ).optional(meaning: "validation queries")
  static let pools = Option.integers(
    "pools", placeholder: "M,M", default: [3, 5, 10], in: 2...100_000, help: "numbers of candidates")
  static let groups = Option.list(
    "groups", placeholder: "A,B", help: "all_strong, all_weak, strong_to_weak, or all"
  ).optional(meaning: "all")
  static let poolsFrom = Option.choice(
    "pools-from", placeholder: "PART", of: PoolQueries.self, default: .all,
    help: "queries that pools are constructed on, as for rs-eval")
  static let output = Option.string(
    "output", placeholder: "DIR", help: "model folder to write: the model with the chosen rules as its policy"
  ).optional(meaning: "none")
  static let overwrite = Option.flag("overwrite", help: "replace a model folder that exists")

  static let command = Command(
    name: "spread",
    summary:
      "Spread the picks of a router that collapses on few LLMs, as far as μ is shown to lose less than a margin, and measure "
      + "it once on test. A collapsed pick can be right: more entropy is no goal in itself.",
    options: [data, benchmark, margin, families, folds, pools, groups, poolsFrom, output, overwrite]
      + CommonOptions.all, positional: [model],
    examples: [
      "rs-debias spread model/ --margin .005",
      "rs-debias spread model/ --folds 5 --families adjustment --output spread/",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let folder = arguments[model]
    let lock = try arguments[output].map { try FileLock(output: $0, inputs: [folder]) }
    defer { lock?.release() }
    if let output = arguments[output] {
      try AtomicFolder.check(output, replacing: arguments[overwrite], marker: ModelFolder.marker)
    }
    let groups = try PoolOptions.groups(arguments[groups] ?? ["all"])
    let walk = SpreadWalk(margin: arguments[margin], families: try families(arguments))
    var stored = try ModelFolder.read(folder)
    let dataset = try DatasetFolder.open(try data(arguments, of: stored))
    if let hash = dataset.hash, let trained = stored.record.datasetHash, hash != trained {
      CommandLineKit.Log.note(
        "the model was trained on another dataset: its train queries may be validation or test queries of this one"
      )
    }
    let chosen = try PoolOptions.benchmark(arguments[benchmark], of: dataset)
    let spread = ModelSpread(
      stored, on: chosen, of: dataset, walk: walk,
      choosing: arguments[folds].map { .outOfFold(folds: $0) } ?? .validation)
    let grid = EvaluationGrid(
      sizes: arguments[pools], groups: groups, poolQueries: arguments[poolsFrom],
      seed: UInt64(arguments[CommonOptions.seed]))
    let progress = ProgressLine("spreading", total: arguments[pools].count * groups.count, unit: "pools")
    let result = try spread.result(grid) { progress.update($0) }
    progress.finish()
    for cell in result.skipped {
      CommandLineKit.Log.note(
        "\(cell.benchmark) m = \(cell.size) \(cell.group.rawValue) left out: \(cell.reason)")
    }
    SpreadText.noteTooFew(result.outcomes, walk)
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(
        SpreadReport(
          margin: walk.margin, queries: arguments[folds] == nil ? "validation" : "train, out of fold",
          pools: result.outcomes, skipped: result.skipped))
    } else {
      try StandardOutput.write(SpreadText.text(result.outcomes, margin: walk.margin))
    }
    guard let output = arguments[output] else { return }
    stored.router.identity.policy = result.policy
    try AtomicFolder.write(
      to: output, replacing: arguments[overwrite], marker: ModelFolder.marker
    ) { staging in try ModelFolder.write(stored, into: staging) }
    CommandLineKit.Log.note("wrote \(output), whose picks are spread in \(result.policy.rules.count) pools")
  }

  private static func data(_ arguments: Arguments, of model: StoredModel) throws -> String {
    if let path = arguments[data] { return path }
    guard let path = model.record.datasetFolder else {
      throw UsageError("the model does not say where its dataset is: give '--data'")
    }
    return path
  }

  private static func families(_ arguments: Arguments) throws(UsageError) -> [SpreadRule.Family] {
    var chosen: [SpreadRule.Family] = []
    for name in arguments[families] {
      guard let family = SpreadRule.Family(rawValue: name) else {
        throw UsageError(
          "option '--families': '\(name)' is none of "
            + SpreadRule.Family.allCases.map(\.rawValue).joined(separator: ", "))
      }
      guard !chosen.contains(family) else { throw UsageError("option '--families' names '\(name)' twice") }
      chosen.append(family)
    }
    return chosen
  }
}
