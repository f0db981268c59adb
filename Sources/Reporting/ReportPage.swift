import FileFormats
import Evaluation

/// The report of a run of routers as one HTML page.
struct ReportPage {
  let report: Report
  /// The SVG text of each figure that was drawn, by the figure's name.
  let pictures: [Name: String]
  /// What is said where pictures are missing; nil where none is.
  let remedy: String?
  /// Facts of the machine.
  let machine: ReportTable

  /// The whole page.
  var html: String {
    let outline = RunOutline(report.run.cells)
    return HTMLPage(
      title: "Routing report: \(HTMLPage.list(outline.benchmarks))", lead: lead(outline),
      sections: sections(), remedy: remedy
    ).html
  }

  private func sections() -> [HTMLPage.Section] {
    var sections = [HTMLPage.Section("summary-section", "Summary", [report.summary.html()])]
    if pictures.keys.contains(where: { name in report.values.contains { Name($0.name) == name } }) {
      sections.append(
        HTMLPage.Section(
          "values", "Against the best single LLM", link: "Best single LLM", report.values.map(figure)))
    }
    if !report.differences.isEmpty {
      sections.append(
        HTMLPage.Section(
          "differences", "Differences to a baseline", link: "Differences",
          report.differences.enumerated().map {
            $0.offset == 0 ? $0.element.html() : HTMLPage.details($0.element)
          }))
    }
    if !report.paperTables.isEmpty {
      sections.append(HTMLPage.Section("means", "Tables 1 and 2", report.paperTables.map { $0.html() }))
    }
    sections.append(HTMLPage.Section("bias", "Table 3", report.biasTables.map { $0.html() }))
    if !report.otherTables.isEmpty {
      sections.append(
        HTMLPage.Section(
          "others", "Other numbers of candidates", link: "Other sizes",
          report.otherTables.map(HTMLPage.details)))
    }
    sections += report.sections.map { own in
      HTMLPage.Section(
        HTMLPage.anchor(own.benchmark), own.benchmark,
        own.figures.map(figure) + own.tables.map(HTMLPage.details))
    }
    if let skipped = report.skipped {
      sections.append(HTMLPage.Section("left-out", "Left out", [skipped.html()]))
    }
    sections.append(HTMLPage.Section("reading", "How to read this", [ReportGlossary.html(report.run)]))
    sections.append(
      HTMLPage.Section("made", "How it was made", [report.configuration.html(), machine.html()]))
    return sections
  }

  private func lead(_ outline: RunOutline) -> String {
    let run = report.run
    let sizes = HTMLPage.list(outline.sizes.map(String.init))
    return
      "\(HTMLPage.count(outline.routers.count, "router")) on \(HTMLPage.count(run.cells.count, "pool")) of "
      + "\(sizes) candidates (\(HTMLPage.list(outline.groups.map(\.words)))), measured on the \(run.configuration.measured.rawValue) queries of "
      + "\(HTMLPage.count(outline.benchmarks.count, "benchmark")). Every measured value has "
      + "a \(NumberText.fixed(100 * run.configuration.bootstrap.level, 0))% bootstrap interval in the tables by pool."
  }

  private func figure(_ figure: Figure) -> String { HTMLPage.figure(figure, in: pictures) }
}
