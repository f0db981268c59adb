/// Routing data that do not fit together, or a part of them that does not exist: one line for the user.
public struct DataError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was found and what was expected, naming the benchmark, LLM or shape.
  public let description: String

  /// An error with its message.
  public init(_ description: String) { self.description = description }
}
