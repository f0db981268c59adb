extension ReportTable {
  /// The table as GitHub-flavoured Markdown with padded cells, so that it reads well as plain text too.
  public var markdown: String {
    let titles = columns.map { Self.markdown($0.wholeTitle) }
    let body = rows.map { row in
      row.cells.map { cell in
        let text = Self.markdown(cell.whole)
        return row.isQuoted && !text.isEmpty ? "*\(text)*" : text
      }
    }
    let widths = columns.indices.map { index in
      max(3, ([titles] + body).map { $0[index].count }.max() ?? 0)
    }
    func line(_ cells: [String]) -> String {
      let padded = columns.indices.map { index in
        let space = String(repeating: " ", count: widths[index] - cells[index].count)
        return columns[index].isNumber ? space + cells[index] : cells[index] + space
      }
      return "| " + padded.joined(separator: " | ") + " |\n"
    }
    let rule = columns.indices.map { index in
      columns[index].isNumber
        ? String(repeating: "-", count: widths[index] - 1) + ":"
        : String(repeating: "-", count: widths[index])
    }
    return "**\(Self.markdown(title))**\n\n" + line(titles) + line(rule) + body.map(line).joined()
      + notes.map { "\n\(Self.markdown($0))\n" }.joined()
  }

  /// A text that Markdown shows as it is.
  static func markdown(_ text: String) -> String {
    let characters = Array(text)
    func isWord(_ index: Int) -> Bool {
      characters.indices.contains(index) && (characters[index].isLetter || characters[index].isNumber)
    }
    var result = ""
    for (index, character) in characters.enumerated() {
      switch character {
      case "|", "\\", "*", "`", "<", ">", "~": result += "\\\(character)"
      // Inside a word an underscore is only an underscore.
      case "_" where !(isWord(index - 1) && isWord(index + 1)): result += "\\_"
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    return result
  }
}
