import CommandLineKit
import Debiasing
import Evaluation
import FileFormats
import NumericKernels
import Routing
import RoutingData

/// `rs-debias evaluate`: what logs teach and what they say, measured where all answers are known.
enum EvaluateCommand {
  static let data = Option.string(
    "data", placeholder: "DIR", help: "dataset folder with all answers of the pools' LLMs")
  static let output = Option.string(
    "output", placeholder: "DIR", help: "results folder; a run that was stopped goes on in its folder"
  ).optional(meaning: "none")
  static let benchmarks = Option.list(
    "benchmarks", placeholder: "A,B", help: "benchmarks to make logs of"
  ).optional(meaning: "all")
  static let encoder = Option.string(
    "encoder", placeholder: "NAME", help: "whose query embeddings to use"
  ).optional(meaning: "the only one")
  static let policies = Option.list(
    "policies", placeholder: "A,B",
    default: ["uniform", "softmax:0.1", "epsilon:0.1", "best-explore:0.1", "difficulty"],
    help: "who picks: \(LoggerRecipe.forms); uniform, which others are compared with, is always among them")
  static let gradings = Option.list(
    "gradings", placeholder: "A,B", default: [GradingPlan.Rule.all.rawValue],
    help: "which answers are graded: \(GradingPlan.forms)")
  static let methods = Option.list(
    "methods", placeholder: "A,B", default: ["none", "ipw", "resid", "stack", "auto"],
    help: "what training does about the log: \(DebiasingRun.methods.joined(separator: ", ")); "
      + "'-' trains nothing")
  static let estimators = Option.list(
    "estimators", placeholder: "A,B", default: ["sndr", "dr", "snips", "ips", "dm", "cressie-read"],
    help:
      "what values routers by logs: \(OffPolicyEstimator.forms.joined(separator: ", ")); '-' values nothing")
  static let rows = Option.integers(
    "rows", placeholder: "N,N", default: [1_000, 5_000, 20_000], in: 10...100_000_000,
    help: "numbers of rows of a log")
  static let logs = Option.integer(
    "logs", placeholder: "N", default: 20, in: 1...100_000, help: "logs of each kind")
  static let floor = Option.double(
    "floor", placeholder: "P", default: 0.05, in: 0...0.5,
    help: "mix uniform picks in, so that no LLM is picked with a probability below P")
  static let pools = Option.integers(
    "pools", placeholder: "M,M", default: [5], in: 2...100_000, help: "numbers of candidates")
  static let groups = Option.list(
    "groups", placeholder: "A,B", default: [CandidateGroup.allStrong.rawValue],
    help: "all_strong, all_weak, strong_to_weak, or all")
  static let poolsFrom = Option.choice(
    "pools-from", placeholder: "PART", of: PoolQueries.self, default: .train,
    help: "queries that pools are constructed on")

  static let command = Command(
    name: "evaluate",
    summary:
      "Let loggers loose where all answers are known: what routers lose that learn from their logs, by method; how far "
      + "estimates from a log are off, how often their intervals hold the truth, and what choosing a router by them loses.",
    options: [
      data, output, policies, methods, estimators, gradings, rows, logs, floor, pools, groups, poolsFrom,
      benchmarks, encoder,
    ] + CommonOptions.all,
    examples: [
      "rs-debias evaluate --data mmlu_pro/ --output run/",
      "rs-debias evaluate --data gsm8k/ --policies difficulty --methods stack,auto --rows 1000 --logs 5",
    ],
    run: run)

  /// What `--json` prints.
  private struct Summary: Encodable {
    let losses: [LossSummary]
    let estimators: [EstimatorSummary]
    let coverage: [CoverageSummary]
    let selections: [SelectionSummary]
    let skipped: [SkippedCell]
  }

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let dataset = try DatasetFolder.open(arguments[data])
    let chosen = try dataset.benchmarks(named: arguments[benchmarks] ?? [])
    let configuration = DebiasingConfiguration(
      version: Release.version, datasetHash: dataset.hash, benchmarks: chosen.map(\.name),
      encoder: try dataset.encoder(arguments[encoder], for: chosen), sizes: arguments[pools],
      groups: try PoolOptions.groups(arguments[groups]), poolQueries: arguments[poolsFrom],
      policies: try texts(arguments[policies]), gradings: arguments[gradings],
      methods: named(arguments[methods]), estimators: named(arguments[estimators]), rows: arguments[rows],
      logs: arguments[logs], floor: arguments[floor], seed: UInt64(arguments[CommonOptions.seed]))
    guard !configuration.methods.isEmpty || !configuration.estimators.isEmpty else {
      throw UsageError("nothing to do: '--methods' and '--estimators' are both '-'")
    }
    let run = try DebiasingRun(configuration, of: dataset)
    let folder = try arguments[output].map { try DebiasingFolder($0, configuration: configuration) }
    if let folder {
      InterruptionAdvice.set { [path = folder.path] in "\(path) is kept: the same command goes on from it" }
    }
    for cell in run.skipped {
      CommandLineKit.Log.note(
        "\(cell.benchmark) m = \(cell.size) \(cell.group.rawValue) left out: \(cell.reason)")
    }
    let progress = ProgressLine("logging and learning", total: run.partCount, unit: "parts")
    let result = try run.result(saving: folder) { progress.update($0) }
    progress.finish()
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(
        Summary(
          losses: result.losses, estimators: result.estimators, coverage: result.coverage,
          selections: result.selections, skipped: result.skipped))
    } else {
      try StandardOutput.write(DebiasingText.text(result))
    }
    if let folder { CommandLineKit.Log.note("wrote \(folder.path)") }
  }

  /// A list of names; `-` alone is none.
  private static func named(_ names: [String]) -> [String] { names == ["-"] ? [] : names }

  /// Policies as recipes write themselves, so that `softmax:.1` and `softmax:0.1` are one.
  private static func texts(_ names: [String]) throws -> [String] {
    try names.map { try LoggerRecipe($0).text }
  }
}
