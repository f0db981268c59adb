import ColdStart
import FileFormats

/// Runs of `rs-coldstart evaluate` as tables, figures and one page; those that held LLMs of one benchmark out stand side by
/// side, those on unseen queries after them.
public struct PlacementReport: ReportContents {
  private let runs: [FinishedPlacements]
  private let outline: PlacementOutline
  private let summary: ReportTable
  private let needed: ReportTable
  private let withoutAnswers: ReportTable?
  private let routing: ReportTable?
  private let unseen: (outlines: [UnseenOutline], figures: [Figure], table: ReportTable?)
  private let sections: [(section: PlacementOutline.Section, figures: [Figure], tables: [ReportTable])]
  private let skipped: ReportTable?
  private let configuration: ReportTable

  /// The report of some runs, at least one.
  public init(_ runs: [FinishedPlacements], unseen unseenRuns: [FinishedUnseen] = []) {
    self.runs = runs
    outline = PlacementOutline(runs)
    let tables = PlacementTables(outline: outline)
    summary = tables.summary()
    needed = tables.needed()
    withoutAnswers = tables.withoutAnswers()
    routing = RoutedPools.table(outline)
    let outlines = UnseenOutline.of(unseenRuns)
    unseen = (outlines, outlines.map { UnseenFigure(outline: $0).figure() }, UnseenOutline.table(outlines))
    sections = outline.sections.map { section in
      let figures =
        ErrorFigures(section: section).figures()
        + [
          CoverageFigure(section: section).figure(), AccuracyFigure(section: section).figure(),
          ValueFigure(section: section).figure(), AccuracyFigure(section: section, kind: .metadata).figure(),
        ].compactMap { $0 }
      return (section, figures, tables.all(section))
    }
    skipped = PlacementTables.skipped(runs)
    configuration = PlacementTables.configuration(runs, unseenRuns)
  }

  /// Every table, in the order of the page.
  public var tables: [ReportTable] {
    overview + sections.flatMap(\.tables) + [unseen.table, skipped].compactMap { $0 } + [configuration]
  }

  /// The tables over all benchmarks; none where no LLM was held out.
  private var overview: [ReportTable] {
    runs.isEmpty ? [] : [summary, needed] + [withoutAnswers, routing].compactMap { $0 }
  }

  /// Every figure, in the order of the page.
  public var figures: [Figure] { sections.flatMap(\.figures) + unseen.figures }

  /// The page; see `ReportContents`.
  public func page(pictures: [Name: String], remedy: String?, machine: ReportTable) -> String {
    var parts: [HTMLPage.Section] = []
    if !overview.isEmpty {
      parts.append(HTMLPage.Section("summary-section", "Summary", overview.map { $0.html() }))
    }
    parts += sections.map { own in
      HTMLPage.Section(
        HTMLPage.anchor(own.section.name), own.section.title,
        own.figures.map { HTMLPage.figure($0, in: pictures) } + own.tables.map(HTMLPage.details))
    }
    if let table = unseen.table {
      parts.append(
        HTMLPage.Section(
          "unseen-queries", "Unseen queries and benchmarks",
          unseen.figures.map { HTMLPage.figure($0, in: pictures) } + [HTMLPage.details(table)]))
    }
    if let skipped { parts.append(HTMLPage.Section("left-out", "Left out", [skipped.html()])) }
    parts.append(HTMLPage.Section("reading", "How to read this", [PlacementGlossary.html]))
    parts.append(HTMLPage.Section("made", "How it was made", [configuration.html(), machine.html()]))
    return HTMLPage(
      title: "Cold-start report: "
        + HTMLPage.list(outline.sections.map(\.title) + unseen.outlines.map(\.title)), lead: lead(),
      sections: parts, remedy: remedy
    ).html
  }

  private func lead() -> String {
    var experiments: [String] = []
    for panel in outline.sections.flatMap(\.panels) where !experiments.contains(panel.title) {
      experiments.append(panel.title)
    }
    let placed =
      "How well the accuracy of an LLM that a model has never seen is known from a few of its answers: "
      + "\(HTMLPage.list(experiments)), on \(HTMLPage.count(outline.sections.count, "benchmark"))."
    let predicted =
      "How well answers to queries that a model has never seen are predicted, by how many of them have answers."
    return [runs.isEmpty ? nil : placed, unseen.outlines.isEmpty ? nil : predicted].compactMap { $0 }
      .joined(separator: " ")
  }
}
