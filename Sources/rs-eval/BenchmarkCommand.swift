import CommandLineKit
import Evaluation
import Models
import NumericKernels

/// `rs-eval benchmark`: runs the whole grid into a results folder and goes on where it was stopped.
enum BenchmarkCommand {
  static let routers = Option.list(
    "routers", placeholder: "A,B",
    default: ["oracle", "best-single", "random", "knn", "cluster", "linear", "mlp"],
    help: "routers to measure: \(RouterCatalog.forms.joined(separator: ", ")); NAME=… names one")
  static let added = Option.list(
    "add-routers", placeholder: "A,B",
    help:
      "routers that a finished run gains: what it has stays, only theirs is computed, and options that are not given are "
      + "the run's"
  ).optional(meaning: "none")
  static let output = Option.string(
    "output", placeholder: "DIR", help: "results folder; a run that was stopped goes on in its folder")

  static let command = Command(
    name: "benchmark",
    summary: "Evaluate routers on every benchmark, pool size and group, resumable, into a results folder.",
    options: [EvaluationRequest.data, output, routers, added] + EvaluationRequest.options + CommonOptions.all,
    examples: [
      "rs-eval benchmark --data full/ --pools 3,5,10,100,1000 --groups all --output results/",
      "rs-eval benchmark --data gsm8k/ --routers oracle,knn,mlp:paper,model:mf/ --output results/",
      "rs-eval benchmark --data gsm8k/ --output results/ --add-routers new=model:mf2/",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    if arguments[added] != nil, arguments.isGiven(routers) {
      throw UsageError("choose one of '--routers' and '--add-routers'")
    }
    let known = try arguments[added].map { _ in try ResultsFolder.configuration(in: arguments[output]) }
    let own = try EvaluationRequest.routers(arguments[added] ?? arguments[routers])
    if let known { try requireNew(own, in: known) }
    let request = try EvaluationRequest(
      arguments, folder: arguments[EvaluationRequest.data], routers: own, like: known)
    let configuration = RunConfiguration(
      version: Release.version, datasetHash: request.dataset.hash,
      benchmarks: request.chosen.map(\.name),
      mix: request.chosen.lazy.compactMap(\.mix).first?.parts.map(\.benchmark.name),
      encoder: request.encoder,
      routers: request.suite.entries.map {
        RunConfiguration.RouterEntry(router: $0.router, sha256: $0.sha256)
      },
      grid: request.grid, costs: request.costEntry)
    let folder =
      try known == nil
      ? ResultsFolder(arguments[output], configuration: configuration)
      : ResultsFolder(arguments[output], gaining: own.map(\.name), configuration: configuration)
    InterruptionAdvice.set { [path = folder.path] in "\(path) is kept: the same command goes on from it" }
    let result = try request.evaluate(saving: folder)
    if arguments[CommonOptions.json] {
      try StandardOutput.writeLine(result.json())
    } else {
      try StandardOutput.write(GridText.table(result))
      Log.note("wrote \(folder.path)")
    }
  }

  /// Throws for routers of a name that the run has, and where files of those that it has are others now.
  private static func requireNew(
    _ routers: [RouterSpecification], in run: RunConfiguration
  ) throws {
    let earlier = run.routers(
      before: routers.map { RunConfiguration.RouterEntry(router: $0.text, sha256: nil) })
    _ = try EvaluationRequest.routers(earlier.map(\.router) + routers.map(\.text), option: added)
    for entry in earlier {
      try RouterSpecification(entry.router).requireUnchanged(sha256: entry.sha256)
    }
  }
}
