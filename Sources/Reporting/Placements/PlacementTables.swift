import ColdStart

/// The tables of runs of placements.
///
/// Errors, bias and width are points of accuracy.
struct PlacementTables {
  let outline: PlacementOutline

  private static let unit =
    "MAE, ± (its standard error over LLMs), bias and width are in points of accuracy; coverage is the share of 95% "
    + "intervals that hold the truth."
  private static let chosen =
    "The last columns name the best of all on these very LLMs, which flatters it: with few LLMs, chance chooses."

  /// The featured method, the floor and the best of all, for each benchmark, run and number of answers.
  func summary() -> ReportTable {
    let rows = outline.sections.flatMap { section in
      section.panels.flatMap { panel in
        panel.counts.enumerated().map { index, count -> ReportTable.Row in
          let floor = panel.summary(PlacementOutline.floor.anchors, PlacementOutline.floor.estimator, count)
          let own = panel.summary(panel.featuredAnchors, PlacementOutline.featured, count)
          let best = panel.summaries.filter { $0.answers == count }.min { $0.error < $1.error }
          return ReportTable.Row(
            [
              ReportTable.Cell(section.title), ReportTable.Cell(panel.title),
              ReportTable.Cell("\(own?.llms ?? best?.llms ?? 0)"), ReportTable.Cell("\(count)"),
              Self.points(floor?.error), Self.points(floor?.standardError),
              ReportTable.Cell("\(panel.featuredAnchors)"), Self.points(own?.error),
              Self.points(own?.standardError), Self.points(own?.bias), NumberText.cell(own?.coverage, 3),
              Self.points(own?.width, 1), Self.points(best?.error),
              ReportTable.Cell(best.map { "\($0.anchors), \($0.estimator.rawValue)" } ?? NumberText.missing),
            ], startsSection: index == 0)
        }
      }
    }
    let featured = PlacementOutline.featured.rawValue
    return ReportTable(
      name: "summary", title: "Error of placed LLMs by number of answers",
      columns: [
        .text("benchmark"), .text("experiment"), .number("LLMs"), .number("answers"),
        .number("MAE", in: "random, mean"), .number("±", in: "random, mean"),
        ReportTable.Column(title: "anchors", group: featured, isNumber: false, hasInterval: false),
        .number("MAE", in: featured), .number("±", in: featured), .number("bias", in: featured),
        .number("coverage", in: featured), .number("width", in: featured),
        .number("MAE", in: "least of all"),
        ReportTable.Column(title: "with", group: "least of all", isNumber: false, hasInterval: false),
      ], rows: rows, notes: [Self.unit, Self.chosen])
  }

  /// What is known of an LLM before it has answered anything; nil where no run has that.
  func withoutAnswers() -> ReportTable? {
    let rows = outline.sections.flatMap { section in
      section.panels.flatMap { panel in
        panel.summaries.filter { $0.answers == 0 }.enumerated().map { index, own in
          ReportTable.Row(
            [
              ReportTable.Cell(section.title), ReportTable.Cell(panel.title),
              ReportTable.Cell(own.estimator.rawValue), ReportTable.Cell("\(own.llms)"),
              Self.points(own.error), Self.points(own.standardError), Self.points(own.bias),
              NumberText.cell(own.coverage, 3), Self.points(own.width, 1),
            ], startsSection: index == 0)
        }
      }
    }
    return rows.isEmpty
      ? nil
      : ReportTable(
        name: "without_answers", title: "Without a single answer",
        columns: [
          .text("benchmark"), .text("experiment"), .text("estimator"), .number("LLMs"), .number("MAE"),
          .number("±"), .number("bias"), .number("coverage"), .number("width"),
        ], rows: rows, notes: [Self.unit])
  }

  /// The answers needed for an error of 2 points and of 1 point.
  func needed() -> ReportTable {
    let targets = AnswersNeeded.targets
    var rows: [ReportTable.Row] = []
    for section in outline.sections {
      for (index, panel) in section.panels.enumerated() {
        let most = panel.counts.last ?? 0
        let cells = targets.flatMap { target -> [ReportTable.Cell] in
          let floor = panel.needed(
            PlacementOutline.floor.anchors, PlacementOutline.floor.estimator, for: target)
          let own = panel.needed(panel.featuredAnchors, PlacementOutline.featured, for: target)
          let best = panel.answersNeeded.filter { $0.target == target && $0.answers != nil }
            .min { ($0.answers ?? 0) < ($1.answers ?? 0) }
          return [
            Self.number(floor, most), Self.number(own, most), Self.number(best, most),
            ReportTable.Cell(best.map { "\($0.anchors), \($0.estimator.rawValue)" } ?? NumberText.missing),
          ]
        }
        rows.append(
          ReportTable.Row(
            [ReportTable.Cell(section.title), ReportTable.Cell(panel.title)] + cells,
            startsSection: index == 0))
      }
    }
    let columns = targets.flatMap { target -> [ReportTable.Column] in
      let group = "MAE of \(NumberText.fixed(100 * target, 0))"
      return [
        .number("random, mean", in: group), .number(PlacementOutline.featured.rawValue, in: group),
        .number("fewest", in: group),
        ReportTable.Column(title: "with", group: group, isNumber: false, hasInterval: false),
      ]
    }
    return ReportTable(
      name: "answers_needed", title: "Answers needed for a mean absolute error of 2 points and of 1 point",
      columns: [.text("benchmark"), .text("experiment")] + columns, rows: rows,
      notes: [
        "The number from which on the error stays at or below, between numbers that were tried by a straight line of "
          + "logarithms; '>' where the largest number tried is not enough.",
        Self.chosen,
      ])
  }

  /// Every choice of anchors and estimator: errors, then intervals, a table of each for each run.
  func all(_ section: PlacementOutline.Section) -> [ReportTable] {
    section.panels.enumerated().flatMap { index, panel in
      let name = "\(index + 1)_\(section.name)"
      let title = "\(section.title), \(panel.title)"
      return [
        ReportTable(
          name: "errors_\(name)", title: "\(title): errors of every method",
          columns: [.text("anchors"), .text("estimator")]
            + panel.counts.flatMap { count -> [ReportTable.Column] in
              [.number("MAE", in: "n = \(count)"), .number("±", in: "n = \(count)")]
            },
          rows: rows(panel) { [Self.points($0?.error), Self.points($0?.standardError)] },
          notes: [Self.unit]),
        ReportTable(
          name: "intervals_\(name)", title: "\(title): bias and intervals of every method",
          columns: [.text("anchors"), .text("estimator")]
            + panel.counts.flatMap { count -> [ReportTable.Column] in
              [
                .number("bias", in: "n = \(count)"), .number("coverage", in: "n = \(count)"),
                .number("width", in: "n = \(count)"),
              ]
            },
          rows: rows(panel) {
            [Self.points($0?.bias), NumberText.cell($0?.coverage, 2), Self.points($0?.width, 1)]
          }, notes: [Self.unit]),
      ]
    }
  }

  /// The benchmarks that are too small; nil where none is.
  static func skipped(_ runs: [FinishedPlacements]) -> ReportTable? {
    let rows = runs.flatMap { run in
      run.result.skipped.map {
        ReportTable.Row([
          ReportTable.Cell(PlacementOutline.folderName(run)), ReportTable.Cell($0.benchmark),
          ReportTable.Cell($0.reason),
        ])
      }
    }
    return rows.isEmpty
      ? nil
      : ReportTable(
        name: "skipped", title: "Benchmarks that are too small",
        columns: [.text("run"), .text("benchmark"), .text("reason")], rows: rows)
  }

  /// What decided the results of each run.
  static func configuration(_ runs: [FinishedPlacements], _ unseen: [FinishedUnseen]) -> ReportTable {
    func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
    let placements = runs.map { run in
      let own = run.configuration
      return (
        run.path,
        [
          ("program version", own.version), ("dataset sha256", own.datasetHash ?? NumberText.missing),
          ("benchmarks", own.benchmarks.joined(separator: ", ")), ("held out", own.holdOut.rawValue),
          ("numbers of answers", list(own.answers)),
          ("choices of anchors", own.anchors.joined(separator: ", ")), ("factors", "\(own.factors)"),
          ("LLMs at most", "\(own.llms)"), ("seed", "\(own.seed)"),
          ("routed by", own.routing.map { Set($0).sorted().joined(separator: ", ") } ?? NumberText.missing),
        ]
      )
    }
    let others = unseen.map { run in
      let own = run.configuration
      return (
        run.path,
        [
          ("program version", own.version), ("dataset sha256", own.datasetHash ?? NumberText.missing),
          ("benchmarks", own.benchmarks.joined(separator: ", ")), ("held out", own.holdOut.rawValue),
          ("numbers of labels", list(own.labels)), ("encoder", own.encoder), ("factors", "\(own.factors)"),
          ("LLMs at most", "\(own.llms)"), ("seed", "\(own.seed)"),
        ]
      )
    }
    return ReportTable(
      name: "configuration", title: "Configuration of the runs",
      columns: [.text("run"), .text("what"), .text("value")],
      rows: (placements + others).flatMap { path, facts in
        facts.enumerated().map { index, fact in
          ReportTable.Row(
            [
              ReportTable.Cell(PlacementOutline.folderName(path)), ReportTable.Cell(fact.0),
              ReportTable.Cell(fact.1),
            ], startsSection: index == 0)
        }
      })
  }

  private func rows(
    _ panel: PlacementOutline.Panel, _ cells: (PlacementSummary?) -> [ReportTable.Cell]
  ) -> [ReportTable.Row] {
    panel.anchors.flatMap { anchors in
      EstimatorName.allCases.enumerated().map { index, estimator in
        ReportTable.Row(
          [ReportTable.Cell(anchors), ReportTable.Cell(estimator.rawValue)]
            + panel.counts.flatMap { cells(panel.summary(anchors, estimator, $0)) }, startsSection: index == 0
        )
      }
    }
  }

  private static func points(_ share: Double?, _ decimals: Int = 2) -> ReportTable.Cell {
    NumberText.cell(share.map { 100 * $0 }, decimals)
  }

  private static func number(_ needed: AnswersNeeded?, _ most: Int) -> ReportTable.Cell {
    guard let needed else { return ReportTable.Cell(NumberText.missing) }
    return ReportTable.Cell(needed.answers.map { NumberText.fixed($0, 0) } ?? "> \(most)")
  }
}
