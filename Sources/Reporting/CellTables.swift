import Evaluation

/// Every value of a run with its interval: tables by pool and router, for each benchmark.
enum CellTables {
  private struct Metric: Sendable {
    let column: ReportTable.Column
    let cell: @Sendable (RouterResult) -> ReportTable.Cell

    /// A measured value with its interval.
    static func estimate(
      _ title: String, _ decimals: Int, _ value: @escaping @Sendable (RouterResult) -> Estimate?
    ) -> Metric {
      Metric(column: .number(title, interval: true)) { NumberText.cell(value($0), decimals) }
    }
  }

  /// How good the picks are.
  private static let quality: [Metric] = [
    .estimate("μ", 3) { $0.mu },
    .estimate("Δμ", 3) { $0.differenceToBestSingle?.mu },
    .estimate("V_R", 3) { $0.referenceValue },
    .estimate("V_B", 3) { $0.bestSingleModelValue },
    .estimate("V_B train-chosen", 3) { $0.honestBestSingleModelValue },
  ]

  /// How they are spread.
  private static let spread: [Metric] = [
    .estimate("E_p", 2) { $0.classificationBias },
    .estimate("pick entropy", 2) { $0.pickEntropy },
  ]

  /// The tables of one benchmark.
  static func tables(_ run: FinishedRun, benchmark: String) -> [ReportTable] {
    let cells = run.cells.filter { $0.benchmark == benchmark }
    return [
      pools(cells, benchmark),
      table(
        cells, quality, name: "quality_\(benchmark)", title: "\(benchmark): quality of the picks by pool"),
      table(cells, spread, name: "spread_\(benchmark)", title: "\(benchmark): spread of the picks by pool"),
    ]
  }

  private static func table(
    _ cells: [CellResult], _ metrics: [Metric], name: String, title: String
  ) -> ReportTable {
    let rows = cells.flatMap { cell in
      cell.routers.enumerated().map { index, router in
        ReportTable.Row(
          [
            ReportTable.Cell("\(cell.size)"), ReportTable.Cell(cell.group.words),
            ReportTable.Cell(router.name),
          ] + metrics.map { $0.cell(router) }, startsSection: index == 0)
      }
    }
    return ReportTable(
      name: name, title: title,
      columns: [.number("m"), .text("group"), .text("router")] + metrics.map(\.column), rows: rows)
  }

  private static func pools(_ cells: [CellResult], _ benchmark: String) -> ReportTable {
    let rows = cells.map { cell in
      ReportTable.Row([
        ReportTable.Cell("\(cell.size)"), ReportTable.Cell(cell.group.words),
        ReportTable.Cell(cell.pools.rawValue), ReportTable.Cell("\(cell.queryCount)"),
        ReportTable.Cell("\(cell.leftOutCount)"), ReportTable.Cell(cell.testBest.llm),
        NumberText.cell(cell.testBest.mean, 3), ReportTable.Cell(cell.trainBest?.llm ?? NumberText.missing),
        NumberText.cell(cell.trainBest?.mean, 3),
      ])
    }
    return ReportTable(
      name: "pools_\(benchmark)", title: "\(benchmark): pools and their best single LLMs",
      columns: [
        .number("m"), .text("group"), .text("pool"), .number("test queries"), .number("left out"),
        .text("best on test"), .number("its mean"), .text("best on train"), .number("its mean on test"),
      ], rows: rows)
  }
}
