import CommandLineKit
import Debiasing
import FileFormats
import NumericKernels
import RoutingData

/// `rs-debias check`: whether a log can carry weights.
enum CheckCommand {
  static let folder = Positional.one("LOG", help: "dataset folder with a log")
  static let logName = Option.string(
    "log-name", placeholder: "NAME", help: "which log of the folder"
  ).optional(meaning: "the only one")
  static let targets = Option.list(
    "target", placeholder: "A,B", default: ["uniform", "best-single"],
    help: "policies whose overlap with the log is wanted: \(TargetRecipe.forms)")
  static let estimate = Option.flag(
    "estimate-propensities",
    help:
      "use propensities that the features predict instead of recorded ones; they mend nothing where the logger used "
      + "what the features lack")
  static let encoder = Option.string(
    "encoder", placeholder: "NAME", help: "whose query embeddings are the features"
  ).optional(meaning: "the only one")

  static let command = Command(
    name: "check",
    summary:
      "Say how far a log reaches: the smallest propensity, the effective sample size of each LLM and target, whether "
      + "weights have the mean 1, and whether the logger used something that the features lack.",
    options: [logName, targets, estimate, encoder] + CommonOptions.all, positional: [folder],
    examples: ["rs-debias check log/", "rs-debias check log/ --target uniform,softmax:0.1 --json"], run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let recipes = try arguments[targets].map { text in
      do throws(DataError) { return try TargetRecipe(text) } catch {
        throw UsageError("option '--target': \(error.description)")
      }
    }
    let dataset = try DatasetFolder.open(arguments[folder])
    var log = try dataset.log(named: arguments[logName])
    let benchmark = try dataset.benchmark(named: log.benchmark)
    let encoder = try dataset.encoder(arguments[encoder], for: [benchmark])
    let embeddings = try benchmark.embeddings(encoder: encoder)
    let seed = UInt64(arguments[CommonOptions.seed])
    if arguments[estimate] {
      log = try EstimatedPropensities.replacing(in: log, of: benchmark, embeddings: embeddings, seed: seed)
    }
    let names = dataset.llmNames(of: benchmark)
    let check = try LogCheck(
      log, names: log.llms.map { names[$0] }, embeddings: embeddings, targets: recipes,
      isEstimated: arguments[estimate], seed: seed)
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(check)
    } else {
      try StandardOutput.write(CheckText.text(check))
    }
  }
}
