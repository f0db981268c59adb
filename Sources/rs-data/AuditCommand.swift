import CommandLineKit
import FileFormats
import Foundation
import NumericKernels
import RoutingData

/// `rs-data audit`: finds what is in a dataset more than once.
enum AuditCommand {
  static let folder = Positional.one("DIR", help: "dataset folder")
  static let agreement = Option.double(
    "agreement", placeholder: "X", default: 0.995, in: 0.5...1,
    help: "share of equal responses from which two LLMs count as near-duplicates")
  static let examples = Option.integer(
    "examples", placeholder: "N", default: 5, in: 0...1000, help: "how many pairs to name of each benchmark")
  static let strict = Option.flag("strict", help: "end with status 1 if anything is found")

  static let command = Command(
    name: "audit",
    summary: "Find prompts and embeddings that are in two splits, sub-scenarios or benchmarks, embeddings of "
      + "outlying length, and LLMs that answer nearly alike.",
    options: [agreement, examples, strict, CommonOptions.threads, CommonOptions.json, CommonOptions.quiet],
    positional: [folder], examples: ["rs-data audit mmlu_pro/"]
  ) { arguments in
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    var options = LeakAudit.Options()
    options.agreement = arguments[agreement]
    options.examples = arguments[examples]
    let progress = ProgressLine("auditing", total: 100, unit: "percent")
    let audit = try LeakAudit(DatasetFolder.open(arguments[folder]), options: options) {
      progress.update(Int($0 * 100))
    }
    progress.finish()
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(audit)
    } else {
      try StandardOutput.write(text(audit))
    }
    if arguments[strict], audit.findings > 0 {
      throw FileError(arguments[folder], "\(NumberFormatting.count(audit.findings)) findings")
    }
  }

  private static func text(_ audit: LeakAudit) -> String {
    var sections = [prompts(audit)]
    for (title, overlaps) in [
      ("Prompts in two sub-scenarios", audit.subscenarioOverlaps),
      ("Prompts in two benchmarks", audit.benchmarkOverlaps),
    ] where !overlaps.isEmpty {
      sections.append(title + "\n\n" + table(overlaps))
    }
    if !audit.embeddings.isEmpty { sections.append("Equal embeddings\n\n" + embeddings(audit)) }
    if !audit.norms.isEmpty { sections.append("Lengths of embeddings\n\n" + norms(audit)) }
    let outlying = audit.norms.flatMap { finding in finding.top.map { (finding.encoder, $0) } }
    if !outlying.isEmpty { sections.append("Embeddings of outlying length\n\n" + table(outlying)) }
    let percent = NumberFormatting.fixed(100 * audit.agreement, 1)
    sections.append(
      "LLMs that agree in at least \(percent)% of the queries that both answered\n\n" + llms(audit))
    let pairs = audit.llms.flatMap { finding in finding.top.map { (finding.benchmark, $0) } }
    if !pairs.isEmpty { sections.append(table(pairs)) }
    let examples = audit.prompts.flatMap(\.examples)
    if !examples.isEmpty {
      sections.append("Examples of equal prompts\n\n" + examples.map(line).joined())
    }
    return sections.joined(separator: "\n")
  }

  private static func prompts(_ audit: LeakAudit) -> String {
    var table = TextTable([
      .left("benchmark"), .right("queries"), .right("equal prompts"), .right("across splits"),
      .right("across sub-scenarios"), .right("test in train"), .right("test in validation"),
    ])
    for finding in audit.prompts {
      func count(_ value: Int) -> String { NumberFormatting.count(finding.hasPrompts ? value : nil) }
      table.append([
        finding.benchmark, NumberFormatting.count(finding.queries), count(finding.pairs),
        count(finding.pairsAcrossSplits), count(finding.pairsAcrossSubscenarios), count(finding.testInTrain),
        count(finding.testInValidation),
      ])
    }
    return "Pairs of queries with equal prompts\n\n" + table.render()
  }

  private static func table(_ overlaps: [LeakAudit.OverlapFinding]) -> String {
    var table = TextTable([
      .left("first"), .left("second"), .right("queries of first"), .right("queries of second"),
    ])
    for overlap in overlaps {
      table.append([
        overlap.first, overlap.second, NumberFormatting.count(overlap.firstQueries),
        NumberFormatting.count(overlap.secondQueries),
      ])
    }
    return table.render()
  }

  private static func embeddings(_ audit: LeakAudit) -> String {
    var table = TextTable([
      .left("benchmark"), .left("encoder"), .right("pairs across splits"), .right("test in train"),
    ])
    for finding in audit.embeddings {
      table.append([
        finding.benchmark, finding.encoder, NumberFormatting.count(finding.pairsAcrossSplits),
        NumberFormatting.count(finding.testInTrain),
      ])
    }
    return table.render()
  }

  private static func norms(_ audit: LeakAudit) -> String {
    var table = TextTable([
      .left("benchmark"), .left("encoder"), .right("median length"), .right("outlying queries"),
    ])
    for finding in audit.norms {
      table.append([
        finding.benchmark, finding.encoder, String(format: "%.4g", finding.medianNorm),
        NumberFormatting.count(finding.outlying),
      ])
    }
    return table.render()
  }

  private static func table(_ rows: [(encoder: String, row: LeakAudit.NormFinding.Row)]) -> String {
    var table = TextTable([
      .left("benchmark"), .left("encoder"), .left("query"), .left("split"), .right("length"),
      .right("deviations from median"),
    ])
    for (encoder, row) in rows {
      table.append([
        row.query.benchmark, encoder, row.query.id ?? "row \(row.query.row)", row.query.split,
        String(format: "%.4g", row.norm), NumberFormatting.fixed(row.score, 1),
      ])
    }
    return table.render()
  }

  private static func llms(_ audit: LeakAudit) -> String {
    var table = TextTable([
      .left("benchmark"), .right("LLMs"), .right("pairs"), .right("LLMs in pairs"),
      .right("nearly all right or wrong"),
    ])
    for finding in audit.llms {
      table.append([
        finding.benchmark, NumberFormatting.count(finding.llms), NumberFormatting.count(finding.pairs),
        NumberFormatting.count(finding.llmsInPairs), NumberFormatting.count(finding.uniformLLMs),
      ])
    }
    return table.render()
  }

  private static func table(_ pairs: [(benchmark: String, pair: LeakAudit.LLMFinding.Pair)]) -> String {
    var table = TextTable([
      .left("benchmark"), .left("LLM"), .left("LLM"), .right("agreement"), .right("common queries"),
    ])
    for (benchmark, pair) in pairs {
      table.append([
        benchmark, pair.first, pair.second, NumberFormatting.fixed(pair.agreement, 4),
        NumberFormatting.count(pair.commonQueries),
      ])
    }
    return table.render()
  }

  private static func line(_ example: LeakAudit.Example) -> String {
    func name(_ query: LeakAudit.QueryName) -> String {
      let place = query.id.map { "id \(FileError.excerpt($0))" } ?? "row \(query.row)"
      return "\(FileError.excerpt(query.subscenario)) \(place) (\(query.split))"
    }
    return "\(example.first.benchmark): \(name(example.first)) = \(name(example.second))\n"
  }
}
