import Evaluation

/// Paired differences in μ to one router of a run, with intervals and p values.
enum DifferenceTables {
  /// The means over pools, and the pools themselves.
  static func tables(_ comparison: RouterComparison, baseline: String) -> [ReportTable] {
    let extents = RouterComparison.Extent.allCases.filter { $0 != .cell }
    let means = extents.flatMap { extent in
      comparison.rows(extent).enumerated().map { row($0.element, startsSection: $0.offset == 0) }
    }
    let pools = comparison.rows(.cell).map { row($0, startsSection: false) }
    return [
      table("differences", "Differences to \(baseline): means over pools", means),
      table("differences_pools", "Differences to \(baseline) by pool", pools),
    ].filter { !$0.rows.isEmpty }
  }

  private static func row(_ row: RouterComparison.Row, startsSection: Bool) -> ReportTable.Row {
    ReportTable.Row(
      [
        ReportTable.Cell(row.benchmark ?? "all"), ReportTable.Cell(row.size.map { "\($0)" } ?? "all"),
        ReportTable.Cell(row.group?.words ?? "all"), ReportTable.Cell(row.first),
        ReportTable.Cell("\(row.cells)"),
        ReportTable.Cell("\(row.queries)"), NumberText.cell(row.difference, 4),
        NumberText.cell(row.pValue, 4),
        NumberText.cell(row.adjustedPValue, 4),
      ], startsSection: startsSection)
  }

  private static func table(_ name: String, _ title: String, _ rows: [ReportTable.Row]) -> ReportTable {
    ReportTable(
      name: name, title: title,
      columns: [
        .text("benchmark"), .number("m"), .text("group"), .text("router"), .number("pools"),
        .number("queries"),
        .number("Δμ", interval: true), .number("p"), .number("p (Holm)"),
      ], rows: rows,
      notes: [
        "Δμ: the router's μ less the baseline's on the same queries, which are resampled once for all pools of a benchmark. "
          + "p (Holm): adjusted over all routers and the rows of one extent."
      ])
  }
}
