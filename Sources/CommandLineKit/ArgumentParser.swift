/// Turns the words of a command line into a command and its arguments.
///
/// GNU conventions: options and positional arguments mix, `--` ends the options, a value follows as the
/// next word or after `=`. A value that itself starts with `--` needs the `=`, so that a forgotten value
/// is noticed instead of swallowing the next option.
struct ArgumentParser {
  enum Outcome {
    case run(Command, Arguments)
    case help(String)
    case version
    case manual(Command)
    case completion(String)
    case failure(UsageError, commandPath: String)

    /// The command that the line got to, if it is known.
    var commandPath: String? {
      switch self {
      case .run(_, let arguments): return arguments.commandPath
      case .failure(_, let path): return path
      case .help, .version, .manual, .completion: return nil
      }
    }
  }

  private let command: Command
  private let path: String
  private var options: [String: any Sendable] = [:]
  private var words: [String] = []

  private init(_ command: Command, path: String) {
    self.command = command
    self.path = path
  }

  /// Follows the subcommands, then reads the rest with the command they lead to.
  static func parse(_ arguments: [String], for root: Command) -> Outcome {
    if let outcome = installation(arguments, root) { return outcome }
    var command = root
    var path = root.name
    var rest = arguments[...]
    while !command.subcommands.isEmpty {
      let names = command.subcommands.map(\.name)
      if command.runsByItself, rest.first.map({ $0.hasPrefix("-") }) ?? true { break }
      guard let word = rest.popFirst() else {
        let error = UsageError("missing subcommand; choose from \(names.joined(separator: ", "))")
        return .failure(error, commandPath: path)
      }
      if let answer = builtIn(word, command, path) { return answer }
      guard let next = command.subcommands.first(where: { $0.name == word }) else {
        let error = word.hasPrefix("-") ? unknownOption(word, nil) : unknown("subcommand", word, names)
        return .failure(error, commandPath: path)
      }
      command = next
      path += " " + next.name
    }
    // Help is wanted even where the rest of the line is wrong.
    for word in rest.prefix(while: { $0 != "--" }) {
      if let answer = builtIn(word, command, path) { return answer }
    }
    do {
      var parser = ArgumentParser(command, path: path)
      return .run(command, try parser.read(rest))
    } catch {
      return .failure(error, commandPath: path)
    }
  }

  /// What an installation asks for; not in help texts, as users have no use for it.
  private static func installation(_ arguments: [String], _ root: Command) -> Outcome? {
    switch arguments {
    case ["--print-manual"]: return .manual(root)
    case ["--print-completion", "bash"]: return .completion(BashCompletion(command: root).text)
    case ["--print-completion", "zsh"]: return .completion(ZshCompletion(command: root).text)
    default: return nil
    }
  }

  private static func builtIn(_ word: String, _ command: Command, _ path: String) -> Outcome? {
    switch word {
    case "-h", "--help": return .help(HelpText(command: command, path: path).text)
    case "--version": return .version
    default: return nil
    }
  }

  private mutating func read(_ arguments: ArraySlice<String>) throws(UsageError) -> Arguments {
    var rest = arguments
    while let word = rest.popFirst() {
      if word == "--" {
        words += rest
        break
      }
      if word.hasPrefix("-"), word != "-" {
        try readOption(word, &rest)
      } else {
        words.append(word)
      }
    }
    let positionals = try placeWords()
    if let missing = command.options.first(where: { $0.isRequired && options[$0.name] == nil }) {
      throw UsageError("missing option '--\(missing.name)'")
    }
    return Arguments(
      commandPath: path, declared: Set(command.options.map(\.name)), options: options,
      positionals: positionals)
  }

  private mutating func readOption(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let attached = parts.count == 2 ? parts[1] : nil
    guard let option = command.options.first(where: { "--" + $0.name == parts[0] }) else {
      throw Self.unknownOption(parts[0], command)
    }
    guard option.placeholder != nil else {
      if attached != nil { throw UsageError("option '--\(option.name)' takes no value") }
      options[option.name] = try option.parse("")
      return
    }
    if options[option.name] != nil { throw UsageError("option '--\(option.name)' is given twice") }
    guard let value = attached ?? (rest.first?.hasPrefix("--") == true ? nil : rest.popFirst()) else {
      throw UsageError("option '--\(option.name)' needs a value")
    }
    options[option.name] = try option.parse(value)
  }

  private func placeWords() throws(UsageError) -> [String: [String]] {
    var rest = words[...]
    var placed: [String: [String]] = [:]
    for positional in command.positionals {
      let taken = positional.isRepeated ? rest : rest.prefix(1)
      if positional.isRequired, taken.isEmpty {
        throw UsageError("missing argument \(positional.placeholder)")
      }
      placed[positional.placeholder] = Array(taken)
      rest = rest.dropFirst(taken.count)
    }
    if let extra = rest.first { throw UsageError("unexpected argument '\(extra)'") }
    return placed
  }

  private static func unknownOption(_ word: String, _ command: Command?) -> UsageError {
    // One dash where two are meant is a slip worth naming too.
    let bare = String(word.drop(while: { $0 == "-" }))
    if let command, let kin = command.kin, !command.options.contains(where: { $0.name == bare }) {
      let others = kin.others(having: bare)
      if !others.isEmpty {
        return UsageError(
          "\(kin.word) has no '--\(bare)'; \(others.joined(separator: ", ")) "
            + (others.count == 1 ? "has" : "have"))
      }
    }
    let names = command?.options.map(\.name) ?? []
    let near = nearestName(to: bare, among: names + ["help", "version"])
    return UsageError("unknown option '\(word)'" + (near.map { "; did you mean '--\($0)'?" } ?? ""))
  }

  private static func unknown(_ kind: String, _ word: String, _ names: [String]) -> UsageError {
    let near = nearestName(to: word, among: names)
    return UsageError("unknown \(kind) '\(word)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
  }
}
