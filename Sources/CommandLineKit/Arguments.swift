/// The values that a command line gave to a command.
///
/// Every value was checked before the command started, so reading one cannot fail, except for a key that
/// the command doesn't declare, which is a mistake in the program.
public struct Arguments: Sendable {
  /// The command's full name, such as `rs-data import routereval`.
  public let commandPath: String
  let declared: Set<String>
  let options: [String: any Sendable]
  let positionals: [String: [String]]

  /// The value of an option: the given one or the default.
  public subscript<Value>(option: Option<Value>) -> Value {
    let name = option.specification.name
    precondition(declared.contains(name), "'\(commandPath)' doesn't declare option '--\(name)'")
    guard let given = options[name] else {
      guard let absent = option.absent else {
        preconditionFailure("'\(commandPath)' declares another option '--\(name)'")
      }
      return absent
    }
    guard let parsed = given as? ParsedValue<Value> else {
      preconditionFailure("'\(commandPath)' declares option '--\(name)' with another type")
    }
    return parsed.value
  }

  /// The value of a positional parameter.
  public subscript<Value>(positional: Positional<Value>) -> Value {
    let name = positional.specification.placeholder
    guard let words = positionals[name] else {
      preconditionFailure("'\(commandPath)' doesn't declare \(name)")
    }
    return positional.read(words)
  }

  /// Whether the command line names the option, even if only to repeat its default.
  public func isGiven(_ option: some OptionDeclaration) -> Bool { options[option.specification.name] != nil }

  func declares(_ option: some OptionDeclaration) -> Bool { declared.contains(option.specification.name) }
}
