/// Commands that share a name, of which an option chooses one, such as `rs-train --model NAME`.
public struct CommandFamily: Sendable {
  let option: String
  let members: [(word: String, command: Command)]

  /// A family of at least one member; the first is the default.
  ///
  /// - Parameters:
  ///   - option: the name of the option whose value is a member's word; every member declares it.
  ///   - members: the commands, all of the same name, by the words that choose them.
  public init(chosenBy option: String, members: [(word: String, command: Command)]) {
    precondition(!members.isEmpty && Set(members.map(\.command.name)).count == 1, "not one family")
    precondition(
      members.allSatisfy { $0.command.options.contains { $0.name == option } }, "a member without --\(option)"
    )
    self.option = option
    self.members = members
  }

  /// The member that a command line names; the first where it names none, or an unknown one.
  ///
  /// The member knows its family, so that a line with an option of another one is told so. Where the word is
  /// unknown, requests for help are taken out of the line: the help of another member than the one asked for
  /// would be no answer, and the parser names the mistake.
  public func member(of arguments: inout [String]) -> Command {
    var word: String?
    for (given, next) in zip(arguments, arguments.dropFirst() + [""]) {
      if given == "--" { break }
      if given == "--\(option)" { word = next }
      if given.hasPrefix("--\(option)=") { word = String(given.dropFirst(option.count + 3)) }
    }
    let chosen = word.map { word in members.first { $0.word == word } } ?? members[0]
    if chosen == nil { arguments.removeAll { ["-h", "--help"].contains($0) } }
    var command = (chosen ?? members[0]).command
    command.kin = Kin(word: (chosen ?? members[0]).word, family: self)
    return command
  }

  /// The options that every member declares, in the first one's order.
  var sharedOptions: [OptionSpecification] {
    members[0].command.options.filter { option in
      members.allSatisfy { $0.command.options.contains { $0.name == option.name } }
    }
  }

  /// The options of a member that not all of them declare.
  func ownOptions(of command: Command) -> [OptionSpecification] {
    let shared = Set(sharedOptions.map(\.name))
    return command.options.filter { !shared.contains($0.name) }
  }
}

extension CommandFamily {
  /// A member's place in its family.
  struct Kin: Sendable {
    let word: String
    let family: CommandFamily

    /// The words of the other members that declare an option.
    func others(having option: String) -> [String] {
      family.members.filter { $0.word != word && $0.command.options.contains { $0.name == option } }
        .map(\.word)
    }
  }
}
