/// A command as a value: what it is called, what it takes and what it does.
///
/// A command runs, or chooses between subcommands, or both: it runs where the first word is none of its
/// subcommands. `-h`, `--help` and `--version` are built in.
public struct Command: Sendable {
  let name: String
  let summary: String
  let options: [OptionSpecification]
  let positionals: [PositionalSpecification]
  let subcommands: [Command]
  /// Whether it does something without a subcommand.
  let runsByItself: Bool
  let examples: [String]
  let run: @Sendable (Arguments) throws -> Void
  /// Its place among commands of which an option chooses one.
  var kin: CommandFamily.Kin?

  /// A command that does something by itself.
  ///
  /// - Parameters:
  ///   - name: the executable's name, or the subcommand's word.
  ///   - summary: one sentence for the help text.
  ///   - options: named parameters, in the order of the help text.
  ///   - positional: parameters by place; required ones first, a repeated one last.
  ///   - subcommands: other things that it does, chosen by the first word.
  ///   - examples: whole command lines, for the help text.
  ///   - run: the work; a thrown ``UsageError`` ends with status 2, any other error with 1.
  public init(
    name: String, summary: String, options: [any OptionDeclaration] = [],
    positional: [any PositionalDeclaration] = [], subcommands: [Command] = [], examples: [String] = [],
    run: @escaping @Sendable (Arguments) throws -> Void
  ) {
    self.name = name
    self.summary = summary
    self.options = options.map(\.specification)
    positionals = positional.map(\.specification)
    self.subcommands = subcommands
    runsByItself = true
    self.examples = examples
    self.run = run
    let names = self.options.map(\.name) + ["help", "version"]
    precondition(Set(names).count == names.count, "command '\(name)' declares an option twice")
    precondition(
      Set(positionals.map(\.placeholder)).count == positionals.count
        && !positionals.dropLast().contains(where: \.isRepeated)
        && !zip(positionals, positionals.dropFirst()).contains { !$0.isRequired && $1.isRequired },
      "command '\(name)': positional parameters can't be told apart")
    precondition(
      subcommands.isEmpty || positionals.isEmpty,
      "command '\(name)': a positional parameter can't be told from a subcommand")
    requireDistinctSubcommands()
  }

  /// A command that only chooses between others.
  public init(name: String, summary: String, subcommands: [Command], examples: [String] = []) {
    precondition(!subcommands.isEmpty, "command '\(name)' has nothing to choose from")
    self.name = name
    self.summary = summary
    options = []
    positionals = []
    self.subcommands = subcommands
    runsByItself = false
    self.examples = examples
    run = { _ in }
    requireDistinctSubcommands()
  }

  private func requireDistinctSubcommands() {
    precondition(
      Set(subcommands.map(\.name)).count == subcommands.count, "command '\(name)' has a subcommand twice")
  }
}
