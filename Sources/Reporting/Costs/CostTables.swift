import Evaluation
import Metrics

/// What routers reach at each cost, in numbers.
enum CostTables {
  /// The table of a benchmark: a row for each pool's single LLMs and each of its routers; nil where costs are not known.
  static func table(_ run: FinishedRun, benchmark: String) -> ReportTable? {
    let cells = run.cells.filter { $0.belongs(to: benchmark) }
    let rows = cells.flatMap { cell -> [ReportTable.Row] in
      guard let single = cell.singleCosts else { return [] }
      let pool = [
        ReportTable.Cell("\(cell.size)"),
        ReportTable.Cell(cell.group.words + ThinCells.mark(cell.hasTooFewQueries)),
      ]
      let first = ReportTable.Row(
        pool + [
          ReportTable.Cell("(single LLMs)"),
          ReportTable.Cell(NumberText.significant(single.costs[single.best])),
          NumberText.cell(single.averageQuality, 4), ReportTable.Cell(NumberText.missing),
          ReportTable.Cell(NumberText.missing),
        ], startsSection: true)
      return [first]
        + cell.routers.compactMap { router in
          router.costCurve.map { curve in
            ReportTable.Row(
              pool + [
                ReportTable.Cell(router.name),
                ReportTable.Cell(NumberText.significant(curve.points.first?.cost)),
                NumberText.cell(curve.averageQuality, 4), NumberText.cell(curve.gain, 4),
                NumberText.cell(curve.saving, 3),
              ])
          }
        }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      name: "costs_\(benchmark)", title: "\(benchmark): cost and quality by pool",
      columns: [
        .number("m"), .text("group"), .text("router"), .number("cost"), .number("AIQ", interval: true),
        .number("AIQ gain", interval: true), .number("cost saved", interval: true),
      ], rows: rows,
      notes: [
        "Cost: the mean of a query, of the best single LLM and of each router's picks at no price. AIQ gain: more than "
          + "single LLMs reach, mixed without looking at queries. Cost saved: the share of the best single LLM's cost at its "
          + "μ, 0 where the router does not reach it. Prices and hulls are taken on the measured queries, for routers and "
          + "single LLMs alike.",
        ThinCells.note(cells),
      ].compactMap { $0 })
  }
}
