/// What a shell offers for one word of a command line.
enum Completion {
  case folders, files, words([String]), nothing

  /// What may stand as an option's value; nil for a flag.
  init?(valueOf option: OptionSpecification) {
    guard let placeholder = option.placeholder else { return nil }
    if !option.words.isEmpty {
      self = .words(option.words)
    } else {
      self = Self.named(placeholder)
    }
  }

  /// What may stand as an argument.
  init(of positional: PositionalSpecification) { self = Self.named(positional.placeholder) }

  /// What a placeholder means, as help texts use it.
  private static func named(_ placeholder: String) -> Completion {
    switch placeholder {
    case "DIR": return .folders
    case "DIR,DIR", "FILE", "FILE,FILE", "PATH", "RUN": return .files
    default: return .nothing
    }
  }
}

extension Command {
  /// Its options with those of its whole family, each once.
  var familyOptions: [OptionSpecification] {
    guard let family = kin?.family else { return options }
    return options
      + family.members.flatMap { family.ownOptions(of: $0.command) }.filter { other in
        !options.contains { $0.name == other.name }
      }.reduce(into: []) { kept, option in
        if !kept.contains(where: { $0.name == option.name }) { kept.append(option) }
      }
  }
}
