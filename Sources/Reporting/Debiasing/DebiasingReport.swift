import Debiasing
import FileFormats

/// Runs of `rs-debias evaluate`, and what `rs-debias spread` said, as tables, figures and one page.
public struct DebiasingReport: ReportContents {
  private let outline: DebiasingOutline
  private let main: [ReportTable]
  private let sections: [(section: DebiasingOutline.Section, figures: [Figure])]
  private let coverage: Figure?
  private let spread: ReportTable?
  private let frontiers: [Figure]
  private let skipped: ReportTable?
  private let configuration: ReportTable

  /// The report of some runs, at least one, and of spread picks.
  public init(_ runs: [FinishedDebiasing], spread reports: [SpreadReport] = []) {
    outline = DebiasingOutline(runs)
    let tables = DebiasingTables(outline: outline)
    main = [tables.losses(), tables.gains(), tables.estimators()].compactMap { $0 }
    sections = outline.sections.map { section in
      (
        section,
        [LossFigure(section: section).figure(), RegretFigure(section: section).figure()].compactMap { $0 }
      )
    }
    coverage = SampleSizeFigure(
      coverage: CoverageSummary.of(
        runs.flatMap(\.result.estimated))
    ).figure()
    spread = DebiasingTables.spread(reports)
    var numbers: [Name: Int] = [:]
    frontiers = reports.compactMap { report in
      guard let benchmark = report.pools.first?.benchmark else { return nil }
      let number = numbers[Name(benchmark), default: 0]
      numbers[Name(benchmark)] = number + 1
      return FrontierFigure(spread: report, number: number).figure()
    }
    skipped = DebiasingTables.skipped(runs)
    configuration = DebiasingTables.configuration(runs)
  }

  /// Every table, in the order of the page.
  public var tables: [ReportTable] {
    main + [spread, skipped].compactMap { $0 } + [configuration]
  }

  /// Every figure, in the order of the page.
  public var figures: [Figure] {
    sections.flatMap(\.figures) + [coverage].compactMap { $0 } + frontiers
  }

  /// The page; see `ReportContents`.
  public func page(pictures: [Name: String], remedy: String?, machine: ReportTable) -> String {
    var parts = sections.map { own in
      HTMLPage.Section(
        HTMLPage.anchor(own.section.name), own.section.title,
        own.figures.map { HTMLPage.figure($0, in: pictures) })
    }
    parts.append(
      HTMLPage.Section(
        "tables", "Losses and estimators",
        [coverage].compactMap { $0 }.map { HTMLPage.figure($0, in: pictures) }
          + main.map(HTMLPage.details)))
    if let spread {
      parts.append(
        HTMLPage.Section(
          "spread", "Spread picks",
          frontiers.map { HTMLPage.figure($0, in: pictures) } + [spread.html()]))
    }
    if let skipped { parts.append(HTMLPage.Section("left-out", "Left out", [skipped.html()])) }
    parts.append(HTMLPage.Section("reading", "How to read this", [DebiasingGlossary.html]))
    parts.append(HTMLPage.Section("made", "How it was made", [configuration.html(), machine.html()]))
    return HTMLPage(
      title: "Debiasing report: \(HTMLPage.list(outline.sections.map(\.title)))",
      lead:
        "What routers lose that learn from logs which a router made, what logs say of routers, and how far both can be "
        + "trusted, on \(HTMLPage.count(outline.sections.count, "benchmark")) whose answers are all known.",
      sections: parts, remedy: remedy
    ).html
  }
}
