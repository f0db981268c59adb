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
  static let output = Option.string(
    "output", placeholder: "DIR", help: "results folder; a run that was stopped goes on in its folder")

  static let command = Command(
    name: "benchmark",
    summary: "Evaluate routers on every benchmark, pool size and group, resumable, into a results folder.",
    options: [EvaluationRequest.data, output, routers] + EvaluationRequest.options + CommonOptions.all,
    examples: [
      "rs-eval benchmark --data full/ --pools 3,5,10,100,1000 --groups all --output results/",
      "rs-eval benchmark --data gsm8k/ --routers oracle,knn,mlp:paper,model:mf/ --output results/",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let request = try EvaluationRequest(
      arguments, folder: arguments[EvaluationRequest.data],
      routers: EvaluationRequest.routers(arguments[routers]))
    let folder = try ResultsFolder(
      arguments[output],
      configuration: RunConfiguration(
        version: Release.version, datasetHash: request.dataset.hash,
        benchmarks: request.chosen.map(\.name),
        mix: request.chosen.lazy.compactMap(\.mix).first?.parts.map(\.benchmark.name),
        encoder: request.encoder,
        routers: request.suite.entries.map {
          RunConfiguration.RouterEntry(router: $0.router, sha256: $0.sha256)
        },
        grid: request.grid))
    InterruptionAdvice.set { [path = folder.path] in "\(path) is kept: the same command goes on from it" }
    let result = try request.evaluate(saving: folder)
    if arguments[CommonOptions.json] {
      try StandardOutput.writeLine(result.json())
    } else {
      try StandardOutput.write(GridText.table(result))
      Log.note("wrote \(folder.path)")
    }
  }
}
