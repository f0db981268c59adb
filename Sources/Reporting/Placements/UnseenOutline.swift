import ColdStart

/// A run on unseen queries with its name and title in a report.
struct UnseenOutline {
  let run: FinishedUnseen
  /// Its name in file names, unique in the report.
  let name: String
  let title: String

  /// The outlines of some runs.
  static func of(_ runs: [FinishedUnseen]) -> [UnseenOutline] {
    runs.enumerated().map { index, run in
      let benchmarks = run.configuration.benchmarks
      let named =
        benchmarks.count > 6 ? HTMLPage.count(benchmarks.count, "benchmark") : HTMLPage.list(benchmarks)
      let isAlone =
        runs.count {
          $0.configuration.holdOut == run.configuration.holdOut && $0.configuration.benchmarks == benchmarks
        } == 1
      let folder = isAlone ? "" : " (\(PlacementOutline.folderName(run.path)))"
      return UnseenOutline(
        run: run, name: "unseen_\(index + 1)_\(run.configuration.holdOut.rawValue)",
        title: "\(named): \(run.configuration.holdOut.words)\(folder)")
    }
  }

  /// Every method and number of labels of some runs; nil without one.
  static func table(_ outlines: [UnseenOutline]) -> ReportTable? {
    let sizes = Set(outlines.flatMap { $0.run.summaries.flatMap { $0.ratios.keys } }).sorted()
    func cells(_ mean: RoutingSummary.Mean?) -> [ReportTable.Cell] {
      [NumberText.cell(mean?.value, 4), NumberText.cell(mean?.standardError, 4)]
    }
    let rows = outlines.flatMap { outline in
      outline.run.summaries.enumerated().map { index, own in
        ReportTable.Row(
          [
            ReportTable.Cell(outline.title), ReportTable.Cell(own.method), ReportTable.Cell("\(own.labels)"),
            ReportTable.Cell("\(own.folds)"),
          ] + cells(own.logLoss) + sizes.flatMap { cells(own.ratios[$0]) }, startsSection: index == 0)
      }
    }
    return rows.isEmpty
      ? nil
      : ReportTable(
        name: "unseen", title: "Queries that a model never saw",
        columns: [
          .text("run"), .text("method"), .number("labels"), .number("folds"),
          .number("log-loss", in: "log-loss"), .number("±", in: "log-loss"),
        ]
          + sizes.flatMap { size -> [ReportTable.Column] in
            [.number("V_B", in: "m = \(size)"), .number("±", in: "m = \(size)")]
          }, rows: rows,
        notes: [
          "Means over folds, ± their standard error. V_B divides by the best single LLM on the measured queries themselves."
        ])
  }
}
