import ColdStart
import FileFormats

/// Runs of `rs-coldstart evaluate` as tables, figures and one page; those of one benchmark stand side by side.
public struct PlacementReport: ReportContents {
  private let runs: [FinishedPlacements]
  private let outline: PlacementOutline
  private let summary: ReportTable
  private let needed: ReportTable
  private let withoutAnswers: ReportTable?
  private let sections: [(section: PlacementOutline.Section, figures: [Figure], tables: [ReportTable])]
  private let skipped: ReportTable?
  private let configuration: ReportTable

  /// The report of some runs, at least one.
  public init(_ runs: [FinishedPlacements]) {
    self.runs = runs
    outline = PlacementOutline(runs)
    let tables = PlacementTables(outline: outline)
    summary = tables.summary()
    needed = tables.needed()
    withoutAnswers = tables.withoutAnswers()
    sections = outline.sections.map { section in
      let figures =
        ErrorFigures(section: section).figures() + [
          CoverageFigure(section: section).figure(), AccuracyFigure(section: section).figure(),
        ]
      return (section, figures, tables.all(section))
    }
    skipped = PlacementTables.skipped(runs)
    configuration = PlacementTables.configuration(runs)
  }

  /// Every table, in the order of the page.
  public var tables: [ReportTable] {
    [summary, needed] + [withoutAnswers].compactMap { $0 } + sections.flatMap(\.tables)
      + [skipped].compactMap { $0 } + [configuration]
  }

  /// Every figure, in the order of the page.
  public var figures: [Figure] { sections.flatMap(\.figures) }

  /// The page; see `ReportContents`.
  public func page(pictures: [Name: String], remedy: String?, machine: ReportTable) -> String {
    var parts = [
      HTMLPage.Section(
        "summary-section", "Summary",
        ([summary, needed] + [withoutAnswers].compactMap { $0 }).map { $0.html() })
    ]
    parts += sections.map { own in
      HTMLPage.Section(
        HTMLPage.anchor(own.section.name), own.section.title,
        own.figures.map { HTMLPage.figure($0, in: pictures) } + own.tables.map(HTMLPage.details))
    }
    if let skipped { parts.append(HTMLPage.Section("left-out", "Left out", [skipped.html()])) }
    parts.append(HTMLPage.Section("reading", "How to read this", [PlacementGlossary.html]))
    parts.append(HTMLPage.Section("made", "How it was made", [configuration.html(), machine.html()]))
    return HTMLPage(
      title: "Cold-start report: \(HTMLPage.list(outline.sections.map(\.title)))", lead: lead(),
      sections: parts, remedy: remedy
    ).html
  }

  private func lead() -> String {
    var experiments: [String] = []
    for panel in outline.sections.flatMap(\.panels) where !experiments.contains(panel.title) {
      experiments.append(panel.title)
    }
    return "How well the accuracy of an LLM that a model has never seen is known from a few of its answers: "
      + "\(HTMLPage.list(experiments)), on \(HTMLPage.count(outline.sections.count, "benchmark"))."
  }
}
