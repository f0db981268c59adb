/// A named parameter of a command: `--name value`, or `--name` for a flag.
///
/// The declaration is also the typed key that reads the value back:
///
///     let factors = Option.integer("factors", placeholder: "K", default: 32, in: 1...4096, help: "…")
///     arguments[factors]  // an Int
///
/// An option without a default must be given; ``optional(meaning:)`` makes it `nil` when it is absent.
public struct Option<Value: Sendable>: OptionDeclaration {
  /// The declaration without the type of its value.
  public let specification: OptionSpecification
  let absent: Value?
  let decode: @Sendable (String) throws(UsageError) -> Value

  private init(
    _ specification: OptionSpecification, absent: Value?,
    decode: @escaping @Sendable (String) throws(UsageError) -> Value
  ) {
    self.specification = specification
    self.absent = absent
    self.decode = decode
  }

  init(
    _ name: String, placeholder: String?, help: String, absent: Value?, shown: String?, expecting: String,
    words: [String] = [], convert: @escaping @Sendable (String) -> Value?
  ) {
    self.init(name, placeholder: placeholder, help: help, absent: absent, shown: shown, words: words) {
      text throws(UsageError) in
      guard let value = convert(text) else {
        throw UsageError("option '--\(name)' needs \(expecting), not '\(text)'")
      }
      return value
    }
  }

  init(
    _ name: String, placeholder: String?, help: String, absent: Value?, shown: String?, words: [String] = [],
    decode: @escaping @Sendable (String) throws(UsageError) -> Value
  ) {
    self.init(
      OptionSpecification(
        name: name, placeholder: placeholder, help: help, defaultText: shown, isRequired: absent == nil,
        words: words,
        parse: { text throws(UsageError) in ParsedValue(value: try decode(text)) }),
      absent: absent, decode: decode)
  }

  /// The same option, `nil` when it is absent.
  ///
  /// - Parameter meaning: what absence means, shown in the help as the default.
  public func optional(meaning: String? = nil) -> Option<Value?> {
    precondition(absent == nil, "option '--\(specification.name)' has a default, so it is never nil")
    let decode = decode
    let typed: @Sendable (String) throws(UsageError) -> Value? = { text throws(UsageError) in try decode(text)
    }
    let erased = OptionSpecification(
      name: specification.name, placeholder: specification.placeholder, help: specification.help,
      defaultText: meaning, isRequired: false, words: specification.words,
      parse: { text throws(UsageError) in ParsedValue(value: try typed(text)) })
    return Option<Value?>(erased, absent: .some(nil), decode: typed)
  }
}

/// Any option, so that options of different types stand in one list.
public protocol OptionDeclaration: Sendable {
  /// The declaration without the type of its value.
  var specification: OptionSpecification { get }
}

/// What the parser and the help text need to know of an option.
public struct OptionSpecification: Sendable {
  package let name: String
  /// `nil` for a flag.
  let placeholder: String?
  let help: String
  let defaultText: String?
  let isRequired: Bool
  /// The words that it takes; empty where they are not a few.
  let words: [String]
  let parse: @Sendable (String) throws(UsageError) -> any Sendable
}

/// Keeps an optional value apart from an absent one inside `any Sendable`.
struct ParsedValue<Value: Sendable>: Sendable { let value: Value }
