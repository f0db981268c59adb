/// The manual page of a command and all its subcommands, in the man macros of roff.
struct ManualPage {
  let command: Command
  let version: String

  var text: String {
    var lines = [
      ".TH \(Self.escaped(command.name.uppercased())) 1 \"\" \"\(Self.escaped(command.name)) \(version)\"",
      ".SH NAME",
      "\(Self.escaped(command.name)) \\- \(Self.escaped(Self.firstSentence(of: command.summary)))",
    ]
    lines.append(".SH SYNOPSIS")
    for (command, path) in runnable { lines += Self.synopsis(of: command, path) }
    if command.runsByItself {
      lines += [".SH DESCRIPTION", Self.line(command.summary)]
      lines += Self.arguments(of: command)
      lines.append(".SH OPTIONS")
      if let family = command.kin?.family {
        lines += Self.entries(family.sharedOptions)
        for (word, member) in family.members {
          lines += [".SH \"OPTIONS WITH \\-\\-\(Self.escaped(family.option)) \(Self.escaped(word))\""]
          lines += Self.entries(family.ownOptions(of: member))
        }
      } else {
        lines += Self.entries(command.options)
      }
    }
    for (command, path) in runnable.dropFirst(command.runsByItself ? 1 : 0) {
      lines += [".SH \"\(Self.escaped(path.uppercased()))\"", Self.line(command.summary)]
      lines += Self.arguments(of: command) + Self.entries(command.options)
    }
    lines += [
      ".SH EXIT STATUS", ".TP", ".B 0", "success", ".TP", ".B 1",
      "an error in the data, in a file or in what it was to do, told in one line on standard error", ".TP",
      ".B 2", "a command line that is wrong",
    ]
    let examples = runnable.flatMap(\.command.examples)
    if !examples.isEmpty {
      lines += [".SH EXAMPLES", ".nf"] + examples.map(Self.line) + [".fi"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The command and its subcommands that do something, depth first.
  private var runnable: [(command: Command, path: String)] {
    command.withSubcommands.filter(\.command.runsByItself)
  }

  private static func synopsis(of command: Command, _ path: String) -> [String] {
    let required = command.options.filter(\.isRequired).map { option in
      "\\fB\\-\\-\(escaped(option.name))\\fR" + (option.placeholder.map { " \\fI\(escaped($0))\\fR" } ?? "")
    }
    let places = command.positionals.map { "\\fI\(escaped($0.usageText))\\fR" }
    return ["\\fB\(escaped(path))\\fR " + (required + ["[options]"] + places).joined(separator: " "), ".br"]
  }

  private static func arguments(of command: Command) -> [String] {
    command.positionals.flatMap { [".TP", "\\fI\(escaped($0.placeholder))\\fR", line($0.help)] }
  }

  private static func entries(_ options: [OptionSpecification]) -> [String] {
    options.flatMap { option in
      [
        ".TP",
        "\\fB\\-\\-\(escaped(option.name))\\fR"
          + (option.placeholder.map { " \\fI\(escaped($0))\\fR" } ?? ""),
        line(option.help + (option.defaultText.map { " [default: \($0)]" } ?? "")),
      ]
    }
  }

  /// What stands before the first end of a sentence, for the line that `whatis` shows.
  private static func firstSentence(of summary: String) -> String {
    let words = summary.split(separator: " ", omittingEmptySubsequences: false)
    let end = words.firstIndex { $0.hasSuffix(".") || $0.hasSuffix(";") } ?? words.endIndex - 1
    return String(words[...end].joined(separator: " ").reversed().drop { ".;".contains($0) }.reversed())
  }

  /// A text as a line of its own, which no first letter makes a request.
  private static func line(_ text: String) -> String {
    let text = escaped(text)
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\n": result += " "
      default: result.append(character)
      }
    }
    return result
  }
}

extension Command {
  /// The command and all that it leads to, each with its full name, depth first.
  var withSubcommands: [(command: Command, path: String)] { withSubcommands(path: name) }

  private func withSubcommands(path: String) -> [(command: Command, path: String)] {
    [(self, path)] + subcommands.flatMap { $0.withSubcommands(path: "\(path) \($0.name)") }
  }
}
