import CommandLineKit
import Evaluation
import Metrics

/// A run's results as one table for people: means over benchmarks and groups.
enum GridText {
  /// A row for each pool size and router.
  static func table(_ result: GridResult) -> String {
    var table = TextTable([
      .right("m"), .left("router"), .right("cells"), .right("μ"), .right("V_R"), .right("V_B"),
      .right("null V_B"),
      .right("E_p"), .right("gap closed"), .right("better"), .right("worse"),
    ])
    for summary in GridSummary.summaries(of: result.cells) {
      table.append([
        "\(summary.size)", summary.router,
        "\(summary.cells)" + (summary.thinCells > 0 ? " (\(summary.thinCells)!)" : ""),
        fixed(summary[.mu], 4),
        fixed(summary[.referenceValue], 3), fixed(summary[.bestSingleModelValue], 3),
        fixed(summary.nullBestSingleModelValue, 3), fixed(summary[.classificationBias], 2),
        fixed(summary[.gapClosed], 3), "\(summary.better)", "\(summary.worse)",
      ])
    }
    let part = result.cells.first.map { " on \($0.measured.rawValue) queries" } ?? ""
    return "Means over benchmarks and groups\(part):\n" + table.render()
      + "better, worse: cells whose μ differs from that of the LLM that was best on train, at 5% after Holm's\n"
      + "adjustment over all cells; null V_B: what a fixed LLM as good as the best single one would get\n"
      + thin(result.cells)
  }

  /// The cells that are not to be believed.
  private static func thin(_ cells: [CellResult]) -> String {
    let thin = cells.filter(\.hasTooFewQueries)
    guard !thin.isEmpty else { return "" }
    let names = thin.map {
      "\($0.benchmark) m = \($0.size) \($0.group.rawValue) (\($0.queryCount) of \($0.partCount))"
    }
    return "!: cells with under \(CellResult.enoughQueries) queries, too few to tell routers apart: "
      + names.joined(separator: ", ") + "\n"
  }

  private static func fixed(_ value: Double?, _ decimals: Int) -> String {
    value.map { NumberFormatting.fixed($0, decimals) } ?? NumberFormatting.missing
  }
}
