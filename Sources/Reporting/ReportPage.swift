import FileFormats
import Evaluation

/// The report as one HTML page that needs nothing else: no script, no style sheet, no picture from outside.
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
    let title = "Routing report: \(Self.list(outline.benchmarks))"
    var parts = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<title>\(HTML.escape(title))</title>", "<style>", ReportStyle.css + "</style>", "</head>", "<body>",
      "<header>", "<h1>\(HTML.escape(title))</h1>", "<p>\(HTML.prose(lead(outline)))</p>", "</header>",
    ]
    parts.append(navigation())
    parts.append("<main>")
    parts.append(section("summary-section", "Summary", [report.summary.html()]))
    if let remedy { parts.append("<p class=\"note\">\(HTML.escape(remedy))</p>") }
    if !report.values.isEmpty,
      pictures.keys.contains(where: { name in report.values.contains { Name($0.name) == name } })
    {
      parts.append(section("values", "Against the best single LLM", report.values.map(figure)))
    }
    if !report.paperTables.isEmpty {
      parts.append(section("means", "Tables 1 and 2", report.paperTables.map { $0.html() }))
    }
    parts.append(section("bias", "Table 3", report.biasTables.map { $0.html() }))
    if !report.otherTables.isEmpty {
      parts.append(section("others", "Other numbers of candidates", report.otherTables.map(details)))
    }
    for own in report.sections {
      parts.append(
        section(
          Self.anchor(own.benchmark), own.benchmark, own.figures.map(figure) + own.tables.map(details)))
    }
    if let skipped = report.skipped { parts.append(section("left-out", "Left out", [skipped.html()])) }
    parts.append(section("reading", "How to read this", [ReportGlossary.html(report.run)]))
    parts.append(
      section("made", "How it was made", [report.configuration.html(), machine.html()]))
    return (parts + ["</main>", "</body>", "</html>"]).joined(separator: "\n") + "\n"
  }

  private func lead(_ outline: RunOutline) -> String {
    let run = report.run
    func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
    let sizes = Self.list(outline.sizes.map(String.init))
    return "\(count(outline.routers.count, "router")) on \(count(run.cells.count, "pool")) of "
      + "\(sizes) candidates (\(Self.list(outline.groups.map(\.words)))), measured on the \(run.configuration.measured.rawValue) queries of "
      + "\(count(outline.benchmarks.count, "benchmark")). Every measured value has "
      + "a \(NumberText.fixed(100 * run.configuration.bootstrap.level, 0))% bootstrap interval in the tables by pool."
  }

  private func navigation() -> String {
    var links = [("summary-section", "Summary")]
    if !report.values.isEmpty, !pictures.isEmpty { links.append(("values", "Best single LLM")) }
    if !report.paperTables.isEmpty { links.append(("means", "Tables 1 and 2")) }
    links.append(("bias", "Table 3"))
    if !report.otherTables.isEmpty { links.append(("others", "Other sizes")) }
    links += report.sections.map { (Self.anchor($0.benchmark), $0.benchmark) }
    if report.skipped != nil { links.append(("left-out", "Left out")) }
    links += [("reading", "How to read this"), ("made", "How it was made")]
    return "<nav>" + links.map { "<a href=\"#\($0.0)\">\(HTML.escape($0.1))</a>" }.joined(separator: "\n")
      + "</nav>"
  }

  private func section(_ anchor: String, _ title: String, _ parts: [String]) -> String {
    "<section id=\"\(anchor)\">\n<h2>\(HTML.escape(title))</h2>\n\(parts.joined(separator: "\n"))</section>"
  }

  private func details(_ table: ReportTable) -> String {
    "<details>\n<summary>\(HTML.prose(table.title))</summary>\n\(table.html(hasTitle: false))</details>"
  }

  private func figure(_ figure: Figure) -> String {
    guard let text = pictures[Name(figure.name)],
      let picture = InlinePicture.html(text, name: figure.name, title: figure.title)
    else { return "" }
    return "<figure id=\"\(HTML.fragment(figure.name))\">\n<div class=\"scroll\">\(picture)</div>\n"
      + "<figcaption>\(HTML.prose(figure.caption))</figcaption>\n</figure>"
  }

  private static func anchor(_ benchmark: String) -> String { "benchmark-\(HTML.fragment(benchmark))" }

  /// `a`, `a and b`, `a, b and c`.
  private static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}
