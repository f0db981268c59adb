import Evaluation

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
            ReportTable.Cell("\(summary.cells)"), NumberText.cell(summary.mu, 3),
            NumberText.cell(summary.referenceValue, 3), NumberText.cell(summary.bestSingleModelValue, 3),
            NumberText.cell(summary.classificationBias, 2),
          ], startsSection: summary.size != previous))
      previous = summary.size
    }
    return ReportTable(
      name: "summary", title: "Means over benchmarks and groups",
      columns: [
        .number("m"), .text("router"), .number("pools"), .number("μ"), .number("V_R"), .number("V_B"),
        .number("E_p"),
      ], rows: rows,
      notes: [
        "Plain means of the pools' values, so a benchmark counts as much as it has pools; V_R and V_B over "
          + "the pools that define them. For intervals see the tables by pool."
      ])
  }
}
