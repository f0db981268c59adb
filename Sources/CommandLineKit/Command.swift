/// A command as a value: what it is called, what it takes and what it does.
///
/// A command either runs or holds subcommands. `-h`, `--help` and `--version` are built in.
public struct Command: Sendable {
  let name: String
  let summary: String
  let options: [OptionSpecification]
  let positionals: [PositionalSpecification]
  let subcommands: [Command]
  let examples: [String]
  let run: @Sendable (Arguments) throws -> Void

  /// A command that does something.
  ///
  /// - Parameters:
  ///   - name: the executable's name, or the subcommand's word.
  ///   - summary: one sentence for the help text.
  ///   - options: named parameters, in the order of the help text.
  ///   - positional: parameters by place; required ones first, a repeated one last.
  ///   - examples: whole command lines, for the help text.
  ///   - run: the work; a thrown ``UsageError`` ends with status 2, any other error with 1.
  public init(
    name: String, summary: String, options: [any OptionDeclaration] = [],
    positional: [any PositionalDeclaration] = [], examples: [String] = [],
    run: @escaping @Sendable (Arguments) throws -> Void
  ) {
    self.name = name
    self.summary = summary
    self.options = options.map(\.specification)
    positionals = positional.map(\.specification)
    subcommands = []
    self.examples = examples
    self.run = run
    let names = self.options.map(\.name) + ["help", "version"]
    precondition(Set(names).count == names.count, "command '\(name)' declares an option twice")
    precondition(
      Set(positionals.map(\.placeholder)).count == positionals.count
        && !positionals.dropLast().contains(where: \.isRepeated)
        && !zip(positionals, positionals.dropFirst()).contains { !$0.isRequired && $1.isRequired },
      "command '\(name)': positional parameters can't be told apart")
  }

  /// A command that only chooses between others.
  public init(name: String, summary: String, subcommands: [Command], examples: [String] = []) {
    precondition(!subcommands.isEmpty, "command '\(name)' has nothing to choose from")
    precondition(
      Set(subcommands.map(\.name)).count == subcommands.count, "command '\(name)' has a subcommand twice")
    self.name = name
    self.summary = summary
    options = []
    positionals = []
    self.subcommands = subcommands
    self.examples = examples
    run = { _ in }
  }
}
