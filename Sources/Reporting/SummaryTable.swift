import Evaluation
import Metrics

/// The run on one page: means over all benchmarks and groups.
enum SummaryTable {
  /// A row for each number of candidates and router.
  static func table(_ run: FinishedRun) -> ReportTable {
    var rows: [ReportTable.Row] = []
    var previous: Int?
    for summary in GridSummary.summaries(of: run.cells) {
      rows.append(
        ReportTable.Row(
          [
            ReportTable.Cell("\(summary.size)"), ReportTable.Cell(summary.router),
            ReportTable.Cell(
              "\(summary.cells)" + (summary.thinCells > 0 ? " (\(summary.thinCells)\(ThinCells.mark))" : "")),
            NumberText.cell(summary[.mu], 3),
            NumberText.cell(summary[.referenceValue], 3), NumberText.cell(summary[.bestSingleModelValue], 3),
            NumberText.cell(summary.nullBestSingleModelValue, 3),
            NumberText.cell(summary[.classificationBias], 2), NumberText.cell(summary[.gapClosed], 3),
            ReportTable.Cell("\(summary.better)"), ReportTable.Cell("\(summary.worse)"),
          ], startsSection: summary.size != previous))
      previous = summary.size
    }
    return ReportTable(
      name: "summary", title: "Means over benchmarks and groups",
      columns: [
        .number("m"), .text("router"), .number("pools"), .number("μ"), .number("V_R"), .number("V_B"),
        .number("null V_B"), .number("E_p"), .number("gap closed"), .number("better"), .number("worse"),
      ], rows: rows,
      notes: [
        "Plain means of the pools' values, each over the pools that define it. For intervals see the tables by "
          + "pool.",
        "Better and worse: the pools in which μ is above or below that of the LLM that was best on train, at 5% "
          + "after Holm's adjustment over all pools.",
      ] + [ThinCells.note(run.cells)].compactMap { $0 })
  }
}
