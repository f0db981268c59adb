import CommandLineKit
import FileFormats
import Foundation
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
  }

  private struct Report: Codable {
    var hash: String?
    var sources: [String]
    var llms: Int
    var benchmarks: [Entry]
  }

  static let folder = Positional.one("DIR", help: "dataset folder")

  static let command = Command(
    name: "info", summary: "Show what a dataset folder holds.", options: [CommonOptions.json],
    positional: [folder], examples: ["rs-data info mmlu_pro/"]
  ) { arguments in
    let dataset = try DatasetFolder.open(arguments[folder])
    let report = Report(
      hash: dataset.hash, sources: dataset.sources, llms: dataset.catalog.count,
      benchmarks: dataset.benchmarks.map(entry))
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(report)
    } else {
      try StandardOutput.write(text(report))
    }
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
      publishedPools: benchmark.publishedPools.count)
  }

  private static func text(_ report: Report) -> String {
    var table = TextTable([
      .left("benchmark"), .right("queries"), .right("LLMs"), .right("missing"), .left("grades"),
      .right("sub-scenarios"), .right("train/validation/test"), .right("LLM means"), .right("pools"),
      .left("embeddings"),
    ])
    for entry in report.benchmarks {
      table.append([
        entry.benchmark, NumberFormatting.count(entry.queries), NumberFormatting.count(entry.llms),
        NumberFormatting.count(entry.missing), entry.kind, NumberFormatting.count(entry.subscenarios),
        "\(NumberFormatting.count(entry.train))/\(NumberFormatting.count(entry.validation))/"
          + NumberFormatting.count(entry.test),
        "\(NumberFormatting.fixed(entry.lowestMean, 3))…\(NumberFormatting.fixed(entry.highestMean, 3))",
        NumberFormatting.count(entry.publishedPools), entry.encoders.joined(separator: ", "),
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
