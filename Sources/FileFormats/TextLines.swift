/// Reads plain text line by line.
public enum TextLines {
  /// Gives each line of a file without its end, and its number from 1, to a closure; blank lines are given too.
  ///
  /// Lines end in LF or CRLF; a byte order mark is skipped, and a file that gzip packed is unpacked.
  ///
  /// - Throws: `FileError`, naming the line, for what is no UTF-8 or longer than 64 MiB; and what the closure throws.
  /// - Complexity: one pass; one line is in memory at a time.
  public static func forEach(
    path: String, _ body: (_ line: String, _ number: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try forEach(region: ByteRegion(unpacking: path), path: path, body)
  }

  /// Gives each line of bytes in memory to a closure; `path` names them in errors.
  public static func forEach(
    region: ByteRegion, path: String, _ body: (_ line: String, _ number: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try ByteLines.forEach(in: region, path: path) { (bytes, number) throws(FileError) in
      guard let line = String(validating: bytes, as: UTF8.self) else {
        throw FileError(path, at: .line(number), "is not valid UTF-8")
      }
      try body(line, number)
    }
  }

  /// The first line that is not blank, of a file whose start may be anything; nil where there is none.
  ///
  /// At most 64 KiB are looked at, and what is no UTF-8 is repaired. A file that gzip packed is unpacked.
  public static func first(of path: String) throws(FileError) -> String? {
    let region = try ByteRegion(unpacking: path)
    try FileKind.requireTable(region, path: path)
    let start = region[0..<min(region.count, 1 << 16)].array
    let text = String(
      decoding: start.starts(with: [0xEF, 0xBB, 0xBF]) ? start[3...] : start[...], as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }.map(String.init)
  }
}
