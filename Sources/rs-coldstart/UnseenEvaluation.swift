import ColdStart
import CommandLineKit
import RoutingData

/// `rs-coldstart evaluate` where queries, sub-scenarios or benchmarks are held out: how well they are predicted.
enum UnseenEvaluation {
  static func run(_ dataset: Dataset, _ arguments: Arguments) throws {
    let chosen = try dataset.benchmarks(named: arguments[EvaluateCommand.benchmarks] ?? [])
    let configuration = UnseenConfiguration(
      version: Release.version, datasetHash: dataset.hash, benchmarks: chosen.map(\.name),
      holdOut: arguments[EvaluateCommand.holdOut],
      encoder: try dataset.encoder(arguments[EvaluateCommand.encoder], for: chosen),
      labels: arguments[EvaluateCommand.labels], factors: arguments[EvaluateCommand.factors],
      llms: arguments[EvaluateCommand.llms], seed: UInt64(arguments[CommonOptions.seed]))
    let folder = try arguments[EvaluateCommand.output].map {
      try UnseenFolder($0, configuration: configuration)
    }
    if let folder {
      InterruptionAdvice.set { [path = folder.path] in "\(path) is kept: the same command goes on from it" }
    }
    let experiment = try UnseenExperiment(dataset, configuration: configuration)
    let progress = ProgressLine("predicting", total: experiment.foldCount, unit: "folds")
    let results = try experiment.results(saving: folder) { progress.update($0) }
    progress.finish()
    let summaries = UnseenSummary.of(results)
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(summaries)
    } else {
      try UnseenText.print(summaries)
    }
    if let folder { Log.note("wrote \(folder.path)") }
  }
}
