import Evaluation
import FileFormats
import Metrics

/// Every value of a run with its interval: tables by pool and router, for each benchmark.
enum CellTables {
  /// A column of a router's values.
  private struct Value: Sendable {
    let column: ReportTable.Column
    let cell: @Sendable (RouterResult, _ adjustedPValue: Double?) -> ReportTable.Cell

    /// A metric, with its interval if it has one.
    static func of(_ metric: Metric) -> Value {
      Value(column: .number(metric.symbol, interval: metric.hasInterval)) { router, _ in
        metric.hasInterval
          ? NumberText.cell(router[metric], metric.decimals)
          : NumberText.cell(router[metric]?.value, metric.decimals)
      }
    }

    /// The difference in μ to the LLM that was best on train.
    static let difference = Value(column: .number("Δμ", interval: true)) { router, _ in
      NumberText.cell(router.differenceToBestSingle?.mu, Metric.mu.decimals)
    }

    /// The p-value of Δμ after Holm's adjustment over all cells of the run.
    static let adjustedPValue = Value(column: .number("p (Holm, by router)")) { _, adjusted in
      NumberText.cell(adjusted, 3)
    }
  }

  /// How good the picks are.
  private static let quality = MetricCatalog.all.of(.quality).flatMap { metric in
    [Value.of(metric)] + (metric.key == Metric.mu.key ? [.difference, .adjustedPValue] : [])
  }

  /// How they are spread, what they lose against the oracle, and how good the predictions are.
  private static let spread = ([.spread, .loss, .predictions] as [Metric.Family])
    .flatMap { MetricCatalog.all.of($0) }.map(Value.of)

  /// The tables of one benchmark.
  ///
  /// - Parameter holm: the adjusted p-values of the run's cells, by their place in the run.
  static func tables(_ run: FinishedRun, benchmark: String, holm: HolmAdjustment) -> [ReportTable] {
    let cells = run.cells.enumerated().filter { $0.element.belongs(to: benchmark) }
      .map { (place: $0.offset, cell: $0.element) }
    return [
      pools(cells.map(\.cell), benchmark, measured: run.configuration.measured.rawValue),
      table(
        cells, quality, holm, name: "quality_\(benchmark)",
        title: "\(benchmark): quality of the picks by pool",
        notes: [ThinCells.note(cells.map(\.cell))].compactMap { $0 }),
      table(
        cells, spread, holm, name: "spread_\(benchmark)",
        title: "\(benchmark): spread, regret and calibration by pool", notes: notes(cells.map(\.cell))),
    ]
  }

  private static func table(
    _ cells: [(place: Int, cell: CellResult)], _ values: [Value], _ holm: HolmAdjustment, name: String,
    title: String, notes: [String] = []
  ) -> ReportTable {
    let rows = cells.flatMap { place, cell in
      cell.routers.enumerated().map { index, router in
        ReportTable.Row(
          [
            ReportTable.Cell("\(cell.size)"),
            ReportTable.Cell(cell.group.words + ThinCells.mark(cell.hasTooFewQueries)),
            ReportTable.Cell(router.name),
          ] + values.map { $0.cell(router, holm.pValue(cell: place, router: router.name)) },
          startsSection: index == 0)
      }
    }
    return ReportTable(
      name: name, title: title,
      columns: [.number("m"), .text("group"), .text("router")] + values.map(\.column), rows: rows,
      notes: notes)
  }

  private static func pools(_ cells: [CellResult], _ benchmark: String, measured: String) -> ReportTable {
    let rows = cells.map { cell in
      ReportTable.Row([
        ReportTable.Cell("\(cell.size)"),
        ReportTable.Cell(cell.group.words + ThinCells.mark(cell.hasTooFewQueries)),
        ReportTable.Cell(cell.pools.rawValue), ReportTable.Cell("\(cell.queryCount)"),
        ReportTable.Cell("\(cell.leftOutCount)"), ReportTable.Cell(cell.testBest.llm),
        NumberText.cell(cell.testBest.mean, 3), ReportTable.Cell(cell.trainBest?.llm ?? NumberText.missing),
        NumberText.cell(cell.trainBest?.mean, 3), NumberText.cell(cell.nullBestSingleModelValue, 3),
      ])
    }
    return ReportTable(
      name: "pools_\(benchmark)", title: "\(benchmark): pools and their best single LLMs",
      columns: [
        .number("m"), .text("group"), .text("pool"), .number("\(measured) queries"), .number("left out"),
        .text("best on \(measured)"), .number("its mean"), .text("best on train"),
        .number("its mean on \(measured)"),
        .number("null V_B", interval: true),
      ], rows: rows,
      notes: [ThinCells.note(cells)].compactMap { $0 } + missing(cells))
  }

  /// What became of queries that not every candidate answered.
  private static func missing(_ cells: [CellResult]) -> [String] {
    cells.contains { $0.missing == .available }
      ? [
        "Each query is routed among the candidates that answered it. A single LLM is measured with a stand-in where it has no "
          + "answer: the best on train of those that have one."
      ] : []
  }

  /// Why something is undefined, each reason once with its pools.
  private static func notes(_ cells: [CellResult]) -> [String] {
    var reasons: [String] = []
    var pools: [Name: [String]] = [:]
    for cell in cells {
      for note in cell.notes {
        if pools[Name(note)] == nil { reasons.append(note) }
        pools[Name(note), default: []].append("\(cell.size) \(cell.group.words)")
      }
    }
    return reasons.map { reason in
      let own = pools[Name(reason)] ?? []
      let prefix = CellNotes.isRemark(reason) ? "" : "Undefined: "
      return prefix + reason + (own.count < cells.count ? " (\(own.joined(separator: ", ")))" : "")
    }
  }
}
