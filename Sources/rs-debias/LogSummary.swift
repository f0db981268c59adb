import CommandLineKit
import RoutingData

/// What a log holds, in a few lines.
struct LogSummary {
  private struct LLM: Codable {
    let llm: String
    let rows: Int
    let graded: Int
    let meanResponse: Double?
    let smallestPropensity: Double?
  }

  private struct Report: Codable {
    let log: String
    let benchmark: String
    let rows: Int
    let queries: Int
    let train: Int
    let validation: Int
    let test: Int
    let graded: Int
    let audited: Int
    let withoutPropensity: Int
    let smallestPropensity: Double?
    let llms: [LLM]
  }

  private let report: Report

  /// The facts of a log of a dataset.
  init(_ log: RoutingData.Log, of dataset: Dataset) throws {
    let benchmark = try dataset.benchmark(named: log.benchmark)
    let names = dataset.llmNames(of: benchmark)
    let parts = benchmark.split.parts
    var rows = [Int](repeating: 0, count: log.llmCount)
    var graded = rows
    var sums = [Double](repeating: 0, count: log.llmCount)
    var least = [Double?](repeating: nil, count: log.llmCount)
    var partRows = [0, 0, 0]
    for pick in log.picks {
      rows[pick.llm] += 1
      partRows[Int(parts[pick.query].rawValue)] += 1
      if let response = pick.response {
        graded[pick.llm] += 1
        sums[pick.llm] += Double(response)
      }
      if let propensity = pick.propensity { least[pick.llm] = min(least[pick.llm] ?? 1, propensity) }
    }
    report = Report(
      log: log.name, benchmark: log.benchmark, rows: log.picks.count,
      queries: Set(log.picks.map(\.query)).count,
      train: partRows[0], validation: partRows[1], test: partRows[2], graded: graded.reduce(0, +),
      audited: log.picks.count { $0.isAudited }, withoutPropensity: log.picks.count { $0.propensity == nil },
      smallestPropensity: least.compactMap(\.self).min(),
      llms: log.llms.enumerated().map { place, column in
        LLM(
          llm: names[column], rows: rows[place], graded: graded[place],
          meanResponse: graded[place] > 0 ? sums[place] / Double(graded[place]) : nil,
          smallestPropensity: least[place])
      })
  }

  private static let mostShown = 20

  /// Prints the facts; of a large pool the LLMs that were picked most.
  func print(asJSON: Bool) throws {
    guard !asJSON else {
      try StandardOutput.writeJSON(report)
      return
    }
    var table = TextTable([
      .left("LLM"), .right("rows"), .right("graded"), .right("mean response"), .right("smallest propensity"),
    ])
    let order = report.llms.indices.sorted { (-report.llms[$0].rows, $0) < (-report.llms[$1].rows, $1) }
    for llm in (order.count <= Self.mostShown ? Array(order.indices) : Array(order.prefix(Self.mostShown)))
      .map({
        report.llms[$0]
      })
    {
      table.append([
        llm.llm, NumberFormatting.count(llm.rows), NumberFormatting.count(llm.graded),
        NumberFormatting.fixed(llm.meanResponse, 3), NumberFormatting.fixed(llm.smallestPropensity, 4),
      ])
    }
    let more = order.count - Self.mostShown
    try StandardOutput.write(
      """
      log \(report.log) of \(report.benchmark): \(NumberFormatting.count(report.rows)) rows on \
      \(NumberFormatting.count(report.queries)) queries, train/validation/test \
      \(NumberFormatting.count(report.train))/\(NumberFormatting.count(report.validation))/\
      \(NumberFormatting.count(report.test)); graded \(NumberFormatting.count(report.graded))\
      \(report.audited > 0 ? ", audited \(NumberFormatting.count(report.audited))" : "")

      \(table.render())\(more > 0 ? "and \(NumberFormatting.count(more)) LLMs that were picked less\n" : "")
      """)
  }
}
