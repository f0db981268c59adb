extension ReportTable {
  /// The table as HTML in a frame that scrolls sideways where the window is narrow.
  ///
  /// - Parameter hasTitle: whether the title stands above it, outside the frame so that it never scrolls.
  func html(hasTitle: Bool = true) -> String {
    let name = HTML.fragment(name)
    var lines: [String] = []
    if hasTitle { lines.append("<h3 id=\"\(name)-title\">\(HTML.prose(title))</h3>") }
    let label = hasTitle ? " aria-labelledby=\"\(name)-title\"" : ""
    lines += ["<div class=\"scroll\"><table id=\"\(name)\"\(label)>", "<thead>"]
    if hasGroups {
      let titles = columnGroups.map { group, count in
        group.map { "<th colspan=\"\(count)\" scope=\"colgroup\" class=\"group\">\(HTML.escape($0))</th>" }
          ?? "<td colspan=\"\(count)\"></td>"
      }
      lines.append("<tr>\(titles.joined())</tr>")
    }
    let titles = columns.indices.map { index in
      "<th scope=\"col\"\(classes(ofColumn: index))>\(HTML.prose(columns[index].title))</th>"
    }
    lines += ["<tr>\(titles.joined())</tr>", "</thead>", "<tbody>"]
    for row in rows {
      let names = [row.isQuoted ? "quoted" : nil, row.startsSection ? "section" : nil].compactMap { $0 }
      let attribute = names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
      let cells = row.cells.enumerated().map { index, cell in
        let interval = cell.interval.map { " <span class=\"interval\">\(HTML.escape($0))</span>" } ?? ""
        let names = classes(ofColumn: index, isLong: cell.text.count > Self.longestLine)
        return "<td\(names)>\(HTML.escape(cell.text))\(interval)</td>"
      }
      lines.append("<tr\(attribute)>\(cells.joined())</tr>")
    }
    lines += ["</tbody>", "</table></div>"]
    lines += notes.map { "<p class=\"note\">\(HTML.prose($0))</p>" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Longer texts may be broken into lines.
  private static let longestLine = 48

  private func classes(ofColumn index: Int, isLong: Bool = false) -> String {
    let column = columns[index]
    let startsGroup = column.group != nil && (index == 0 || columns[index - 1].group != column.group)
    let names = [column.isNumber ? "number" : nil, startsGroup ? "first" : nil, isLong ? "long" : nil]
      .compactMap { $0 }
    return names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
  }
}
