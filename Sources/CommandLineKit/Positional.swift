/// A parameter of a command that is known by its place, not by a name.
///
/// As with ``Option``, the declaration is the key that reads the value back.
public struct Positional<Value: Sendable>: PositionalDeclaration {
  /// The declaration without the type of its value.
  public let specification: PositionalSpecification
  let read: @Sendable ([String]) -> Value
}

extension Positional where Value == String {
  /// Exactly one argument.
  public static func one(_ placeholder: String, help: String) -> Self {
    let specification = PositionalSpecification(
      placeholder: placeholder, help: help, isRequired: true, isRepeated: false)
    return Self(specification: specification, read: { $0[0] })
  }
}

extension Positional where Value == String? {
  /// One argument or none.
  public static func optional(_ placeholder: String, help: String) -> Self {
    let specification = PositionalSpecification(
      placeholder: placeholder, help: help, isRequired: false, isRepeated: false)
    return Self(specification: specification, read: { $0.first })
  }
}

extension Positional where Value == [String] {
  /// One argument or more: everything that is left, so it stands last.
  public static func many(_ placeholder: String, help: String) -> Self {
    let specification = PositionalSpecification(
      placeholder: placeholder, help: help, isRequired: true, isRepeated: true)
    return Self(specification: specification, read: { $0 })
  }
}

/// Any positional parameter, so that those of different types stand in one list.
public protocol PositionalDeclaration: Sendable {
  /// The declaration without the type of its value.
  var specification: PositionalSpecification { get }
}

/// What the parser and the help text need to know of a positional parameter.
public struct PositionalSpecification: Sendable {
  let placeholder: String
  let help: String
  let isRequired: Bool
  let isRepeated: Bool

  var usageText: String {
    let text = placeholder + (isRepeated ? "..." : "")
    return isRequired ? text : "[\(text)]"
  }
}
