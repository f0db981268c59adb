import FileFormats

/// A report's page as HTML that needs nothing else: no script, no style sheet, no picture from outside.
struct HTMLPage {
  /// A part of the page with a heading and a link to it.
  struct Section {
    /// The fragment of its address.
    let anchor: String
    /// Its heading.
    let title: String
    /// The words of the link to it.
    let link: String
    /// What it holds, as HTML.
    let parts: [String]

    /// A section; the link says the title where nothing else is said.
    init(_ anchor: String, _ title: String, link: String? = nil, _ parts: [String]) {
      self.anchor = anchor
      self.title = title
      self.link = link ?? title
      self.parts = parts
    }

    /// The section as HTML.
    var html: String {
      "<section id=\"\(anchor)\">\n<h2>\(HTML.escape(title))</h2>\n\(parts.joined(separator: "\n"))</section>"
    }
  }

  let title: String
  /// What it is about, below the title.
  let lead: String
  let sections: [Section]
  /// What is said where pictures are missing, below the first section; nil where none is.
  let remedy: String?

  /// The whole page.
  var html: String {
    var parts = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<title>\(HTML.escape(title))</title>", "<style>", ReportStyle.css + "</style>", "</head>", "<body>",
      "<header>", "<h1>\(HTML.escape(title))</h1>", "<p>\(HTML.prose(lead))</p>", "</header>",
    ]
    let links = sections.map { "<a href=\"#\($0.anchor)\">\(HTML.escape($0.link))</a>" }
    parts.append("<nav>" + links.joined(separator: "\n") + "</nav>")
    parts.append("<main>")
    parts += sections.prefix(1).map(\.html)
    if let remedy { parts.append("<p class=\"note\">\(HTML.escape(remedy))</p>") }
    parts += sections.dropFirst().map(\.html)
    return (parts + ["</main>", "</body>", "</html>"]).joined(separator: "\n") + "\n"
  }

  /// A table behind its title, which opens it.
  static func details(_ table: ReportTable) -> String {
    "<details>\n<summary>\(HTML.prose(table.title))</summary>\n\(table.html(hasTitle: false))</details>"
  }

  /// A figure with its caption; nothing where it was not drawn.
  static func figure(_ figure: Figure, in pictures: [Name: String]) -> String {
    guard let text = pictures[Name(figure.name)],
      let picture = InlinePicture.html(text, name: figure.name, title: figure.title)
    else { return "" }
    return "<figure id=\"\(HTML.fragment(figure.name))\">\n<div class=\"scroll\">\(picture)</div>\n"
      + "<figcaption>\(HTML.prose(figure.caption))</figcaption>\n</figure>"
  }

  /// The fragment of a benchmark's section.
  static func anchor(_ benchmark: String) -> String { "benchmark-\(HTML.fragment(benchmark))" }

  /// `a`, `a and b`, `a, b and c`.
  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// `1 pool`, `2 pools`.
  static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
