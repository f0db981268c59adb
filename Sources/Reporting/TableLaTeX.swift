extension ReportTable {
  /// The table as a LaTeX `table` with the rules of the package booktabs.
  public var latex: String {
    let alignment = columns.map { $0.isNumber ? "r" : "l" }.joined()
    var lines = [
      "% Needs \\usepackage{booktabs}.", "\\begin{table}", "\\centering", "\\small",
      "\\caption{\(Self.latexProse(title))}", "\\label{tab:\(Self.latexLabel(name))}",
      "\\begin{tabular}{@{}\(alignment)@{}}", "\\toprule",
    ]
    if hasGroups {
      var place = 1
      var titles: [String] = []
      var rules: [String] = []
      for (group, count) in columnGroups {
        titles.append(
          group.map { "\\multicolumn{\(count)}{c}{\(Self.latex($0))}" }
            ?? Array(repeating: "", count: count).joined(separator: " & "))
        if group != nil { rules.append("\\cmidrule(lr){\(place)-\(place + count - 1)}") }
        place += count
      }
      lines += [titles.joined(separator: " & ") + " \\\\", rules.joined(separator: " ")]
    }
    lines.append(columns.map { Self.latexProse($0.title) }.joined(separator: " & ") + " \\\\")
    lines.append("\\midrule")
    for (index, row) in rows.enumerated() {
      if row.startsSection, index > 0 { lines.append("\\midrule") }
      let cells = row.cells.map { cell in
        let text = Self.latex(cell.whole)
        return row.isQuoted && !text.isEmpty ? "\\textit{\(text)}" : text
      }
      lines.append(cells.joined(separator: " & ") + " \\\\")
    }
    lines += ["\\bottomrule", "\\end{tabular}"]
    if !notes.isEmpty {
      lines.append("\\par\\smallskip\\footnotesize " + notes.map(Self.latexProse).joined(separator: " "))
    }
    return (lines + ["\\end{table}"]).joined(separator: "\n") + "\n"
  }

  /// A text that LaTeX sets as it is.
  static func latex(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&", "%", "$", "#", "_", "{", "}": result += "\\\(character)"
      case "\\": result += "\\textbackslash{}"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "<", ">", "|": result += "$\(character)$"
      // A bracket after a line's end would be read as an option.
      case "[": result += "{[}"
      case "]": result += "{]}"
      case "μ": result += "$\\mu$"
      case "Δ": result += "$\\Delta$"
      case "×": result += "$\\times$"
      case "–": result += "--"
      case "−": result += "$-$"
      case "…": result += "\\dots{}"
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    return result
  }

  /// Our own words, in which the metrics' symbols are set as mathematics.
  static func latexProse(_ text: String) -> String {
    var result = latex(text)
    for symbol in ["V_R", "V_B", "E_p"] {
      result = result.split(separator: latex(symbol), omittingEmptySubsequences: false)
        .joined(separator: "$\(symbol)$")
    }
    return result
  }

  private static func latexLabel(_ name: String) -> String {
    String(name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
  }
}
