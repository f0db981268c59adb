/// A zsh function that completes a command's subcommands, options and their values.
struct ZshCompletion {
  let command: Command

  var text: String {
    let name = command.name
    let all = command.withSubcommands
    let paths = all.dropFirst().map(\.path)
    var lines = [
      "#compdef \(name)",
      "# zsh completion for \(name), made by: \(name) --print-completion zsh",
      "local place=\(name)",
      "while (( CURRENT > 2 )); do",
      "  case \"$place $words[2]\" in",
    ]
    if !paths.isEmpty {
      // Words of subcommands go, so that arguments are counted from the command they belong to.
      lines.append(
        "    \(paths.map(Self.quoted).joined(separator: "|"))) place=\"$place $words[2]\"; shift words; (( CURRENT-- )) ;;"
      )
    }
    lines += ["    *) break ;;", "  esac", "done", "case $place in"]
    for (command, path) in all {
      lines.append("  \(Self.quoted(path)))")
      if let family = command.kin?.family {
        lines += Self.choice(family, command)
      } else if !command.subcommands.isEmpty {
        lines += Self.subcommands(command)
        if command.runsByItself { lines.append("    " + Self.arguments(command, command.options)) }
      } else {
        lines.append("    " + Self.arguments(command, command.options))
      }
      lines.append("    ;;")
    }
    lines.append("esac")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func subcommands(_ command: Command) -> [String] {
    ["    local -a subcommands=("]
      + command.subcommands.map { subcommand in
        "      " + quoted("\(subcommand.name):\(subcommand.summary)")
      } + ["    )", "    [[ $words[CURRENT] == -* ]] || _describe subcommand subcommands"]
  }

  /// The options of the member that the line chooses.
  private static func choice(_ family: CommandFamily, _ command: Command) -> [String] {
    [
      "    local member=\(family.members[0].word)",
      "    [[ \"$words\" =~ '--\(family.option)[ =]([^ ]+)' ]] && member=$match[1]", "    case $member in",
    ]
      + family.members.map { "      \($0.word)) \(arguments(command, $0.command.options)) ;;" }
      + ["      *) \(arguments(command, family.sharedOptions)) ;;", "    esac"]
  }

  /// A call of `_arguments` with an entry for each option and argument.
  private static func arguments(_ command: Command, _ options: [OptionSpecification]) -> String {
    let named = options.map { option -> String in
      let help = option.help.map { "[]:\\".contains($0) ? "\\\($0)" : String($0) }.joined()
      guard let completion = Completion(valueOf: option), let placeholder = option.placeholder else {
        return "--\(option.name)[\(help)]"
      }
      return "--\(option.name)=[\(help)]:\(label(placeholder)):\(action(completion))"
    }
    let places = command.positionals.map { positional in
      (positional.isRepeated ? "*:" : positional.isRequired ? ":" : "::")
        + "\(label(positional.placeholder)):\(action(Completion(of: positional)))"
    }
    return "_arguments "
      + (named + ["(- *)--help[show the help]", "(- *)--version[show the version]"] + places).map(quoted)
      .joined(separator: " ")
  }

  private static func label(_ placeholder: String) -> String {
    placeholder.map { $0 == ":" ? "\\:" : String($0) }.joined()
  }

  private static func action(_ completion: Completion) -> String {
    switch completion {
    case .folders: return "_files -/"
    case .files: return "_files"
    case .words(let words): return "(\(words.joined(separator: " ")))"
    case .nothing: return " "
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }
}
