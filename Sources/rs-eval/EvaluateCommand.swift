import CommandLineKit
import Evaluation
import FileFormats
import LinearAlgebra
import Recommenders
import RoutingData

/// `rs-eval`: routes the test queries of a dataset and prints RouterEval's metrics with intervals.
enum EvaluateCommand {
  static let data = Option.string("data", placeholder: "DIR", help: "dataset folder")
  static let model = Option.string(
    "model", placeholder: "DIR", help: "model folder"
  ).optional(meaning: "only oracle, best single and random")
  static let pools = Option.integers(
    "pools", placeholder: "M,M", default: [3, 5, 10], in: 1...100_000, help: "numbers of candidates")
  static let groups = Option.list(
    "groups", placeholder: "A,B", help: "all_strong, all_weak, strong_to_weak"
  ).optional(meaning: "all three")
  static let benchmarks = Option.list(
    "benchmarks", placeholder: "A,B", help: "benchmarks to evaluate on"
  ).optional(meaning: "all")
  static let encoder = Option.string(
    "encoder", placeholder: "NAME", help: "whose query embeddings to use"
  ).optional(meaning: "the model's, or the only one")
  static let ties = Option.choice(
    "ties", placeholder: "RULE", of: TieRule.self, default: .trainMean,
    help: "who gets a query on which candidates tie; first is RouterEval's published code")
  static let resamples = Option.integer(
    "resamples", placeholder: "N", default: 10_000, in: 1...10_000_000,
    help: "bootstrap resamples of the test queries behind each 95% interval")
  static let csv = Option.flag("csv", help: "print a CSV row for each pool and router on standard output")

  static let command = Command(
    name: "rs-eval",
    summary: "Route the test queries and print μ, V_R, V_B and E_p with 95% intervals.",
    options: [data, model, pools, groups, benchmarks, encoder, ties, resamples, csv] + CommonOptions.all,
    examples: ["rs-eval --data mmlu_pro/ --model model/ --pools 3,5,10 --json"],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    if arguments[csv] && arguments[CommonOptions.json] {
      throw UsageError("choose one of '--csv' and '--json'")
    }
    guard Set(arguments[pools]).count == arguments[pools].count else {
      throw UsageError("option '--pools' names a size twice")
    }
    let chosenGroups = try arguments[groups].map(parse) ?? CandidateGroup.allCases
    let seed = UInt64(arguments[CommonOptions.seed])
    let dataset = try DatasetFolder.open(arguments[data])
    let chosen = try dataset.benchmarks(named: arguments[benchmarks] ?? [])
    let trained = try arguments[model].map { try ModelFolder.read($0) }
    if let hash = trained?.training.datasetHash, let other = dataset.hash, hash != other {
      Log.note(
        "the model was trained on another dataset: its train queries may be test queries of this one")
    }
    let grid = EvaluationGrid(
      sizes: arguments[pools], groups: chosenGroups, ties: arguments[ties], seed: seed,
      bootstrap: Bootstrap(resamples: arguments[resamples], seed: seed))
    let references: [any Router] = [
      OracleRouter(chosen, catalog: dataset.catalog), BestSingleRouter(chosen, catalog: dataset.catalog),
      RandomRouter(),
    ]
    let routers = (trained.map { [$0 as any Router] } ?? []) + references
    let wanted = arguments[encoder] ?? trained?.training.encoder
    let name = try trained == nil && wanted == nil ? nil : dataset.encoder(wanted, for: chosen)
    let progress = ProgressLine(
      "evaluating", total: grid.plan(chosen, of: dataset).cells.count, unit: "pools")
    let result = try grid.evaluate(
      chosen, of: dataset,
      embeddings: { benchmark in
        try name.map { try benchmark.embeddings(encoder: $0) }
          ?? Matrix(rows: benchmark.queries.count, columns: 0)
      },
      routers: { _ in routers }, onCell: { done, _ in progress.update(done) })
    progress.finish()
    for cell in result.skipped {
      Log.note("\(cell.benchmark) m = \(cell.size) \(cell.group.rawValue) left out: \(cell.reason)")
    }
    if arguments[CommonOptions.json] {
      try StandardOutput.writeLine(String(decoding: try result.json(), as: UTF8.self))
    } else if arguments[csv] {
      try StandardOutput.write(ResultTable.csv(result.cells))
    } else {
      for cell in result.cells { try StandardOutput.write(text(cell)) }
    }
  }

  private static func parse(_ names: [String]) throws(UsageError) -> [CandidateGroup] {
    var groups: [CandidateGroup] = []
    for name in names {
      guard let group = CandidateGroup(rawValue: name) else {
        let known = CandidateGroup.allCases.map(\.rawValue).joined(separator: ", ")
        throw UsageError("option '--groups' needs some of \(known), not '\(name)'")
      }
      guard !groups.contains(group) else { throw UsageError("option '--groups' names '\(name)' twice") }
      groups.append(group)
    }
    return groups
  }

  private static func text(_ cell: CellResult) -> String {
    var table = TextTable([
      .left("router"), .right("μ"), .right("V_R"), .right("V_B"), .right("V_B train-chosen"), .right("E_p"),
      .right("pick entropy"),
    ])
    for router in cell.routers {
      table.append([
        router.name, text(router.mu, 4), text(router.referenceValue, 3), text(router.bestSingleModelValue, 3),
        text(router.honestBestSingleModelValue, 3), text(router.classificationBias, 2),
        text(router.pickEntropy, 2),
      ])
    }
    let best = NumberFormatting.fixed(cell.testBest.mean, 4)
    let null = cell.nullBestSingleModelValue.map { ", null V_B \(text($0, 3))" } ?? ""
    let leftOut =
      cell.leftOutCount > 0
      ? ", \(NumberFormatting.count(cell.leftOutCount)) left out for missing responses" : ""
    return """
      \(cell.benchmark), m = \(cell.size), \(cell.group.rawValue) (\(cell.pools.rawValue) pool): \
      \(NumberFormatting.count(cell.queryCount)) test queries\(leftOut); best single \(cell.testBest.llm) \(best)\(null)
      \(table.render())\(cell.notes.map { $0 + "\n" }.joined())

      """
  }

  /// A value and its 95% interval.
  private static func text(_ estimate: Estimate?, _ decimals: Int) -> String {
    guard let estimate else { return NumberFormatting.missing }
    let value = NumberFormatting.fixed(estimate.value, decimals)
    guard let low = estimate.low, let high = estimate.high else { return value }
    return
      "\(value) [\(NumberFormatting.fixed(low, decimals)), \(NumberFormatting.fixed(high, decimals))]"
  }
}
