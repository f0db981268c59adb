/// What is wrong with a file, and where: one line that a user can act on.
///
/// Every reader and writer of this target throws this type and nothing else.
public struct FileError: Error, Equatable, Sendable {
  /// The position inside the file that the error is about.
  public enum Place: Equatable, Sendable {
    /// The file as a whole.
    case file
    /// An offset in bytes from the start of the file.
    case byte(Int)
    /// A line, counted from 1.
    case line(Int)
    /// A named part: a dictionary key, an archive member, a tensor.
    case key(String)
  }

  /// The file's path as the user gave it.
  public let path: String
  /// Where in the file.
  public let place: Place
  /// What was found and what was expected, as a clause without a full stop.
  public let reason: String

  /// Describes a fault at a place of a file.
  public init(_ path: String, at place: Place = .file, _ reason: String) {
    self.path = path
    self.place = place
    self.reason = reason
  }
}

extension FileError: CustomStringConvertible {
  /// `path: place: reason`, on one line.
  public var description: String {
    switch place {
    case .file: return "\(path): \(reason)"
    case .byte(let offset): return "\(path): byte \(offset): \(reason)"
    case .line(let number): return "\(path): line \(number): \(reason)"
    case .key(let name): return "\(path): \(name): \(reason)"
    }
  }
}
