/// The part of a file that a server says it sends: `bytes 100-199/1000`, or `bytes */1000` with a refusal.
///
/// Format: RFC 9110, section 14.4.
struct ContentRange: Equatable, Sendable {
  /// The positions of the bytes sent; nil where none of those asked for are there.
  let bytes: Range<Int>?
  /// The size of the whole file; nil where the server doesn't say.
  let total: Int?

  /// Reads a header field; nil for text of another form.
  init?(_ text: String) {
    guard text.lowercased().hasPrefix("bytes ") else { return nil }
    let parts = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    if parts[1] == "*" {
      total = nil
    } else {
      guard let size = Self.number(parts[1]) else { return nil }
      total = size
    }
    if parts[0] == "*" {
      bytes = nil
      return
    }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last,
      last < total ?? .max
    else { return nil }
    bytes = first..<last + 1
  }

  /// A number of digits only: `Int` alone would also take a sign.
  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }
}
