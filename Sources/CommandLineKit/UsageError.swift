/// A command line that can't be understood; ends the command with exit status 2.
public struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was wrong, as a clause without a full stop.
  public let description: String

  /// An error with its message.
  public init(_ description: String) { self.description = description }
}
