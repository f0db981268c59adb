import Foundation

/// A name or an id, equal to another one where their UTF-8 bytes are, as in numpy and pandas.
///
/// Swift's `String` calls texts equal that differ in bytes but are canonically equivalent, such as U+2126 (ohm) and
/// U+03A9 (omega). Two queries or LLMs with such names are two, so wherever a name is compared, hashed or sorted
/// it is wrapped in this.
public struct Name: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name as it was given.
  public let text: String

  /// A name.
  @inlinable
  public init(_ text: String) { self.text = text }

  /// The name as it was given.
  @inlinable
  public var description: String { text }

  /// Whether two names have the same bytes.
  ///
  /// Byte by byte through iterators, this was a third of the import of a long CSV file.
  public static func == (first: Name, second: Name) -> Bool {
    var (left, right) = (first.text, second.text)
    return left.withUTF8 { left in
      right.withUTF8 { right in
        guard left.count == right.count else { return false }
        guard let start = left.baseAddress, let other = right.baseAddress else { return true }
        return memcmp(start, other, left.count) == 0
      }
    }
  }

  /// Whether a name's bytes come before another's, which is also the order of their code points.
  @inlinable
  public static func < (first: Name, second: Name) -> Bool {
    first.text.utf8.lexicographicallyPrecedes(second.text.utf8)
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(UInt8(0xFF))
  }
}
