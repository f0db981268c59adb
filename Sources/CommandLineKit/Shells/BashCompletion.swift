/// A bash function that completes a command's subcommands, options and their values.
struct BashCompletion {
  let command: Command

  var text: String {
    let name = command.name
    let function = "_" + name.map { $0 == "-" ? "_" : String($0) }.joined()
    let all = command.withSubcommands
    let paths = all.dropFirst().map(\.path)
    var lines = [
      "# bash completion for \(name), made by: \(name) --print-completion bash",
      "\(function)() {",
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}",
      "  local place=\(name) option='' options='' i",
      "  COMPREPLY=()",
      "  for ((i = 1; i < COMP_CWORD; i++)); do",
      "    case \"$place ${COMP_WORDS[i]}\" in",
    ]
    if !paths.isEmpty {
      lines.append(
        "      \(paths.map(Self.quoted).joined(separator: "|"))) place=\"$place ${COMP_WORDS[i]}\" ;;")
    }
    lines += [
      "      *) break ;;", "    esac", "  done",
      // Bash splits --name=value into three words.
      "  [[ $current == = ]] && { option=$previous; current=''; }",
      "  [[ $previous == = ]] && option=${COMP_WORDS[COMP_CWORD-2]}",
      "  [[ -z $option && $previous == --* ]] && option=$previous",
      "  case \"$place $option\" in",
    ]
    for (command, path) in all {
      for option in command.familyOptions {
        guard let completion = Completion(valueOf: option) else { continue }
        lines.append(
          "    \(Self.quoted("\(path) --\(option.name)"))) \(Self.offer(completion)); return ;;")
      }
    }
    lines += ["  esac", "  case $place in"]
    for (command, path) in all {
      lines.append("    \(Self.quoted(path)))")
      if let family = command.kin?.family {
        lines += Self.choice(family)
      } else {
        lines.append("      options=\(Self.quoted(Self.names(command.options)))")
      }
      lines.append("      [[ $current == -* ]] || {")
      if !command.subcommands.isEmpty {
        lines.append(
          "        " + Self.offer(.words(command.subcommands.map(\.name))))
      }
      if let positional = command.positionals.first {
        lines.append("        " + Self.offer(Completion(of: positional)))
      }
      lines += ["        return", "      } ;;"]
    }
    lines += [
      "  esac", "  COMPREPLY=($(compgen -W \"$options --help --version\" -- \"$current\"))", "}",
      "complete -F \(function) \(name)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The options of the member that the line chooses.
  private static func choice(_ family: CommandFamily) -> [String] {
    [
      "      local line=\" ${COMP_WORDS[*]} \" member='\(family.members[0].word)'",
      "      [[ $line =~ ' --\(family.option)'[\\ =]+([^\\ ]+) ]] && member=${BASH_REMATCH[1]}",
      "      case $member in",
    ]
      + family.members.map {
        "        \($0.word)) options=\(quoted(names($0.command.options))) ;;"
      } + ["        *) options=\(quoted(names(family.sharedOptions))) ;;", "      esac"]
  }

  private static func offer(_ completion: Completion) -> String {
    switch completion {
    case .folders: return "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$current\"))"
    case .files: return "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$current\"))"
    case .words(let words):
      return "COMPREPLY=($(compgen -W \(quoted(words.joined(separator: " "))) -- \"$current\"))"
    case .nothing: return ":"
    }
  }

  private static func names(_ options: [OptionSpecification]) -> String {
    options.map { "--\($0.name)" }.joined(separator: " ")
  }

  private static func quoted(_ text: String) -> String { "'\(text)'" }
}
