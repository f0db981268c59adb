/// Reads plain text line by line over its mapped bytes.
public enum TextLines {
  /// The longest line, in bytes, that is read.
  private static let longestLine = 1 << 26

  /// Gives each line of a file without its end, and its number from 1, to a closure; blank lines are given too.
  ///
  /// Lines end in LF or CRLF; a byte order mark is skipped. What is no UTF-8 is refused.
  ///
  /// - Throws: `FileError`, naming the line; and what the closure throws.
  /// - Complexity: one pass over the mapped file; one line is in memory at a time.
  public static func forEach(
    path: String, _ body: (_ line: String, _ number: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try forEach(region: ByteRegion(mapping: path), path: path, body)
  }

  /// Gives each line of bytes in memory to a closure; `path` names them in errors.
  public static func forEach(
    region: ByteRegion, path: String, _ body: (_ line: String, _ number: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try region.withUnsafeBytes { (bytes) throws(FileError) -> Void in
      var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      var number = 0
      while position < bytes.count {
        number += 1
        let limit = min(bytes.count, position + longestLine + 1)
        var end = bytes[position..<limit].firstIndex(of: 0x0A) ?? limit
        guard end - position <= longestLine else {
          throw FileError(path, at: .line(number), "is longer than \(longestLine >> 20) MiB")
        }
        let next = end + 1
        if end > position, bytes[end - 1] == 0x0D { end -= 1 }
        let raw = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
        guard let line = String(validating: raw, as: UTF8.self) else {
          throw FileError(path, at: .line(number), "is not valid UTF-8")
        }
        try body(line, number)
        position = next
      }
    }
  }

  /// The first line that is not blank, of a file whose start may be anything; nil where there is none.
  ///
  /// At most 64 KiB are looked at, and what is no UTF-8 is repaired.
  public static func first(of path: String) throws(FileError) -> String? {
    let region = try ByteRegion(mapping: path)
    let start = region[0..<min(region.count, 1 << 16)].array
    let text = String(
      decoding: start.starts(with: [0xEF, 0xBB, 0xBF]) ? start[3...] : start[...], as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }.map(String.init)
  }
}
