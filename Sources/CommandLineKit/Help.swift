/// The whole text that `--help` prints for one command, wrapped at 80 columns.
struct HelpText {
  let command: Command
  /// The command's full name, such as `rs-data import`.
  let path: String

  private static let width = 80
  /// Where descriptions start at the latest; a longer term gets a line of its own.
  private static let widestTerm = 28

  var text: String {
    var sections = [usage, Self.wrap(command.summary, Self.width).joined(separator: "\n")]
    let positionals = command.positionals.map { (term: "  " + $0.placeholder, text: $0.help) }
    let subcommands = command.subcommands.map { (term: "  " + $0.name, text: $0.summary) }
    // One column for all lists of the page.
    let column =
      (positionals + subcommands + options).map(\.term.count).filter { $0 <= Self.widestTerm }.max() ?? 0
    for (title, entries) in [("Subcommands", subcommands), ("Arguments", positionals), ("Options", options)]
    where !entries.isEmpty {
      sections.append(
        title + ":\n" + entries.map { Self.entry($0.term, $0.text, column) }.joined(separator: "\n"))
    }
    if !command.examples.isEmpty {
      let title = command.examples.count == 1 ? "Example:" : "Examples:"
      sections.append(([title] + command.examples.map { "  " + $0 }).joined(separator: "\n"))
    }
    return sections.joined(separator: "\n\n") + "\n"
  }

  private var usage: String {
    let required = command.options.filter(\.isRequired).map { "--\($0.name) \($0.placeholder ?? "")" }
    var forms: [[String]] = []
    if command.runsByItself {
      forms.append(required + ["[options]"] + command.positionals.map(\.usageText))
    }
    if !command.subcommands.isEmpty { forms.append(["<subcommand> ..."]) }
    return zip(["Usage:", "   or:"], forms).map { label, words in
      let start = "\(label) \(path) "
      let indent = String(repeating: " ", count: min(start.count, Self.widestTerm))
      return start + Self.fill(words, Self.width - start.count).joined(separator: "\n" + indent)
    }.joined(separator: "\n")
  }

  private var options: [(term: String, text: String)] {
    let own = command.options.map { option in
      let shown = option.defaultText.map { " [default: \($0)]" } ?? ""
      return (
        term: "      --\(option.name)" + (option.placeholder.map { " " + $0 } ?? ""),
        text: option.help + shown
      )
    }
    return own + [
      (term: "  -h, --help", text: "show this help and exit"),
      (term: "      --version", text: "show the version and exit"),
    ]
  }

  private static func entry(_ term: String, _ text: String, _ column: Int) -> String {
    let indent = String(repeating: " ", count: column + 2)
    let lines = wrap(text, width - indent.count).joined(separator: "\n" + indent)
    if term.count > column { return term + "\n" + indent + lines }
    return term + String(repeating: " ", count: indent.count - term.count) + lines
  }

  private static func wrap(_ text: String, _ width: Int) -> [String] {
    fill(text.split(whereSeparator: \.isWhitespace).map(String.init), width)
  }

  /// Lines as full as the width allows, never breaking inside an element.
  private static func fill(_ words: [String], _ width: Int) -> [String] {
    var lines: [String] = []
    for word in words {
      if let line = lines.last, line.count + 1 + word.count <= width {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines
  }
}
