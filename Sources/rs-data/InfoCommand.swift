import CommandLineKit
import FileFormats
import Foundation
import Metrics
import NumericKernels
import RoutingData

/// `rs-data info`: what a dataset folder holds.
enum InfoCommand {
  private struct Entry: Codable {
    var benchmark: String
    var queries: Int
    var llms: Int
    var responses: Int
    var missing: Int
    var kind: String
    var subscenarios: Int
    var train: Int
    var validation: Int
    var test: Int
    var lowestMean: Double?
    var highestMean: Double?
    var referenceAccuracy: Double?
    var encoders: [String]
    var publishedPools: Int
    /// The number of answers whose cost is known; left out where the benchmark says none.
    var costs: Int?
  }

  private struct Report: Codable {
    var hash: String?
    var sources: [String]
    var llms: Int
    var benchmarks: [Entry]

    init(_ dataset: Dataset) {
      hash = dataset.hash
      sources = dataset.sources
      llms = dataset.catalog.count
      benchmarks = dataset.benchmarks.map(entry)
    }
  }

  static let folder = Positional.one("DIR", help: "dataset folder")

  static let llms = Option.flag(
    "llms",
    help:
      "show the LLMs instead, the best first: answers, mean response and its 95% interval, and mean cost if known"
  )
  static let benchmarks = Option.list(
    "benchmarks", placeholder: "A,B", help: "with --llms: benchmarks to take"
  ).optional(meaning: "all")

  enum Queries: String, CaseIterable {
    case all, train, validation, test

    var part: SplitPart? { SplitPart.allCases.first { $0.name == rawValue } }
  }

  static let split = Option.choice(
    "split", placeholder: "PART", of: Queries.self, default: .all, help: "with --llms: which queries count")
  static let csv = Option.flag("csv", help: "with --llms: print a CSV row for each LLM on standard output")

  static let command = Command(
    name: "info",
    summary:
      "Show what a dataset folder holds; with --llms a leaderboard. Its mean is the mean of the benchmarks' means, each "
      + "over the queries that the LLM answered, so a long benchmark counts no more than a short one. LLMs that lack a "
      + "benchmark stand below the others, without a rank.",
    options: [llms, benchmarks, split, csv, CommonOptions.threads, CommonOptions.json, CommonOptions.quiet],
    positional: [folder],
    examples: ["rs-data info mmlu_pro/", "rs-data info mmlu_pro/ --llms --split test --csv"]
  ) { arguments in
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let isJSON = arguments[CommonOptions.json]
    guard arguments[llms] else {
      guard arguments[benchmarks] == nil, arguments[split] == .all, !arguments[csv] else {
        throw UsageError("'--benchmarks', '--split' and '--csv' need '--llms'")
      }
      let report = try Report(DatasetFolder.open(arguments[folder]))
      try isJSON ? StandardOutput.writeJSON(report) : StandardOutput.write(text(report))
      return
    }
    if isJSON && arguments[csv] { throw UsageError("choose one of '--csv' and '--json'") }
    let dataset = try DatasetFolder.open(arguments[folder])
    let leaderboard = Leaderboard(
      dataset, benchmarks: try dataset.benchmarks(named: arguments[benchmarks] ?? []),
      in: arguments[split].part)
    if leaderboard.unanswered > 0 {
      Log.note(
        "\(NumberFormatting.count(leaderboard.unanswered)) LLMs answered none of these queries and are left out"
      )
    }
    let text = LeaderboardText(leaderboard, hash: dataset.hash, split: arguments[split].rawValue)
    if isJSON { return try StandardOutput.writeJSON(text) }
    try StandardOutput.write(arguments[csv] ? text.csv : text.table)
  }

  private static func entry(_ benchmark: Benchmark) -> Entry {
    let means = benchmark.responses.llmMeans().compactMap { $0 }
    let cells = benchmark.responses.queryCount * benchmark.responses.llmCount
    func count(_ part: SplitPart) -> Int { benchmark.split.queries(in: part).count }
    return Entry(
      benchmark: benchmark.name, queries: benchmark.queries.count, llms: benchmark.llms.count,
      responses: benchmark.responses.observedCount, missing: cells - benchmark.responses.observedCount,
      kind: benchmark.responses.isBinary ? "binary" : "continuous",
      subscenarios: benchmark.queries.subscenarioNames.count, train: count(.train),
      validation: count(.validation), test: count(.test), lowestMean: means.min(), highestMean: means.max(),
      referenceAccuracy: benchmark.referenceAccuracy,
      encoders: benchmark.queries.embeddings.sorted { Name($0.key) < Name($1.key) }.map {
        "\($0.key) (\($0.value.shape[1]))"
      },
      publishedPools: benchmark.publishedPools.count, costs: benchmark.knownCostCount)
  }

  private static func text(_ report: Report) -> String {
    let hasCosts = report.benchmarks.contains { $0.costs != nil }
    var table = TextTable(
      [
        .left("benchmark"), .right("queries"), .right("LLMs"), .right("missing"), .left("grades"),
        .right("sub-scenarios"), .right("train/validation/test"), .right("LLM means"), .right("pools"),
      ] + (hasCosts ? [.right("costs")] : []) + [.left("embeddings")])
    for entry in report.benchmarks {
      table.append(
        [
          entry.benchmark, NumberFormatting.count(entry.queries), NumberFormatting.count(entry.llms),
          NumberFormatting.count(entry.missing), entry.kind, NumberFormatting.count(entry.subscenarios),
          "\(NumberFormatting.count(entry.train))/\(NumberFormatting.count(entry.validation))/"
            + NumberFormatting.count(entry.test),
          "\(NumberFormatting.fixed(entry.lowestMean, 3))…\(NumberFormatting.fixed(entry.highestMean, 3))",
          NumberFormatting.count(entry.publishedPools),
        ] + (hasCosts ? [entry.costs.map { NumberFormatting.count($0) } ?? NumberFormatting.missing] : []) + [
          entry.encoders.joined(separator: ", ")
        ])
    }
    let responses = report.benchmarks.reduce(0) { $0 + $1.responses }
    return """
      \(NumberFormatting.count(report.llms)) LLMs, \(NumberFormatting.count(responses)) responses
      hash \(report.hash ?? NumberFormatting.missing)
      from \(report.sources.joined(separator: "; "))

      \(table.render())
      """
  }
}
