import CommandLineKit
import Debiasing
import FileFormats
import Models
import NumericKernels
import Routing
import RoutingData

/// `rs-debias simulate`: what a logger would have seen of a benchmark whose answers are all known.
enum SimulateCommand {
  static let dataset = Positional.one("DATASET", help: "dataset folder with all answers of the chosen LLMs")
  static let policy = Option.text(
    "policy", placeholder: "NAME", default: "uniform",
    help: "who picks: \(LoggerRecipe.forms). T is a temperature, E the share of uniform picks, S how much "
      + "difficulty decides. softmax and epsilon follow a base router, kernel-ridge on the warm-up",
    check: { text in
      do throws(DataError) { _ = try LoggerRecipe(text) } catch { return error.description }
      return nil
    })
  static let floor = Option.double(
    "floor", placeholder: "P", default: 0, in: 0...0.5,
    help: "mix uniform picks in, so that no LLM is picked with a probability below P")
  static let rows = Option.integer(
    "rows", placeholder: "N", default: 10_000, in: 1...100_000_000,
    help: "rows of the log; a query may have several")
  static let grading = Option.text(
    "grading", placeholder: "RATES", default: "1",
    help:
      "share of answers that are graded; or failures=.8,successes=.2 where it depends on the answer, with "
      + "spread=.5 for rates that differ between LLMs",
    check: { text in
      do throws(DataError) { _ = try GradingText(text) } catch { return error.description }
      return nil
    })
  static let audit = Option.integer(
    "audit", placeholder: "N", default: 0, in: 0...100_000_000,
    help: "rows, about, that are drawn by chance and graded whatever their answer")
  static let parts = Option.list(
    "parts", placeholder: "A,B", default: SplitPart.allCases.map(\.name),
    help: "parts of the split to log queries of")
  static let warmUp = Option.double(
    "warm-up", placeholder: "X", default: LogLaboratory.standardWarmUp, in: 0...0.9,
    help: "share of the train queries that the base router learns from; no log holds them")
  static let router = Option.string(
    "router", placeholder: "DIR",
    help: "model folder that softmax and epsilon follow in the place of the base router"
  ).optional(meaning: "the base router")
  static let costs = Option.string(
    "costs", placeholder: "COLUMN|FILE",
    help: "what an LLM costs: a column of llms.csv, or a CSV file with columns llm and cost"
  ).optional(meaning: "not known")
  static let encoder = Option.string(
    "encoder", placeholder: "NAME", help: "whose query embeddings the base router uses"
  ).optional(meaning: "the only one")
  static let name = Option.string(
    "name", placeholder: "NAME", default: "log", help: "the log's name in the folder")
  static let output = Option.string(
    "output", placeholder: "DIR", help: "dataset folder to write: the log, and of the answers what it saw")
  static let overwrite = Option.flag("overwrite", help: "replace a dataset folder that exists")

  static let command = Command(
    name: "simulate",
    summary:
      "Let a logger route queries whose answers are all known, and write what it would have seen: a dataset folder of its "
      + "LLMs with a log and the answers of its picks, and none of the truth.",
    options: [policy, floor, rows, grading, audit] + PoolOptions.all
      + [parts, router, warmUp, costs, encoder, name, output, overwrite] + CommonOptions.all,
    positional: [dataset],
    examples: [
      "rs-debias simulate gsm8k/ --pool gsm8k/5/all_strong --policy softmax:0.1 --floor .05 --rows 20000 --output log/",
      "rs-debias simulate gsm8k/ --pool gsm8k/5/all_strong --policy difficulty --grading failures=.8,successes=.2 "
        + "--audit 1000 --output log/",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let seed = UInt64(arguments[CommonOptions.seed])
    let lock = try FileLock(output: arguments[output], inputs: [arguments[dataset]])
    defer { lock.release() }
    try DatasetFolder.checkOutput(arguments[output], replacing: arguments[overwrite])
    let whole = try DatasetFolder.open(arguments[dataset])
    let (benchmark, chosen) = try PoolOptions.choice(arguments, of: whole)
    let llms = chosen ?? Array(benchmark.llms.indices)
    let costs = try arguments[costs].map {
      try LLMCosts.read($0, of: llms.map { benchmark.llms[$0] }, in: whole.catalog)
    }
    let laboratory = try LogLaboratory(
      whole, benchmark: benchmark, llms: llms, encoder: arguments[encoder], costs: costs,
      warmUp: arguments[warmUp], seed: seed)
    let rates = try GradingText(arguments[grading])
    let grades = try Grading(
      failures: rates.failures, successes: rates.successes, spread: rates.spread,
      audits: min(Double(arguments[audit]) / Double(arguments[rows]), 1), llms: llms.count, seed: seed)
    let recipe = try LoggerRecipe(arguments[policy])
    let queries = laboratory.queries(in: try chosenParts(arguments))
    guard !queries.isEmpty else {
      throw DataError("benchmark '\(benchmark.name)' has no query of the chosen parts outside the warm-up")
    }
    let log = try LogSimulation(
      laboratory.logger(
        recipe, floor: arguments[floor], router: arguments[router].map { try ModelFolder.read($0).router }),
      rows: arguments[rows], seed: seed, grading: grades
    ).log(named: arguments[name], of: benchmark, llms: llms, queries: laboratory.batch(queries))
    let seen = try whole.seen(
      in: log,
      source: "log '\(log.name)': policy \(recipe.text), floor \(arguments[floor]), seed \(seed), of dataset "
        + (whole.hash ?? ""))
    try DatasetFolder.write(seen, to: arguments[output], replacing: arguments[overwrite])
    try LogSummary(seen.log(), of: seen).print(asJSON: arguments[CommonOptions.json])
    CommandLineKit.Log.note("wrote \(arguments[output])")
  }

  private static func chosenParts(_ arguments: Arguments) throws -> Set<SplitPart> {
    Set(
      try arguments[parts].map { name in
        guard let part = SplitPart.allCases.first(where: { $0.name == name }) else {
          throw UsageError(
            "option '--parts': '\(name)' is none of \(SplitPart.allCases.map(\.name).joined(separator: ", "))"
          )
        }
        return part
      })
  }
}
