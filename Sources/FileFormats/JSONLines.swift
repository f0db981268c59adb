import Foundation

/// Reads and formats JSON Lines: one JSON value on each line.
public enum JSONLines {
  /// The longest line, in bytes, that is read or written.
  static let longestLine = ByteLines.longest

  /// Gives the value on each line of a file, and the number of the line, to a closure.
  ///
  /// Blank lines and a byte order mark are skipped; lines end in LF or CRLF. A file that gzip packed is unpacked.
  ///
  /// - Throws: `FileError`, naming the line, for text that is not JSON of the type or longer than 64 MiB; and what
  ///   the closure throws.
  /// - Complexity: one pass; one value is in memory at a time.
  public static func forEach<Value: Decodable>(
    _ type: Value.Type, path: String, _ body: (_ value: Value, _ line: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try forEach(type, region: ByteRegion(unpacking: path), path: path, body)
  }

  /// Gives the value on each line of bytes in memory to a closure; `path` names them in errors.
  ///
  /// - Throws: `FileError` as for a file.
  public static func forEach<Value: Decodable>(
    _ type: Value.Type, region: ByteRegion, path: String,
    _ body: (_ value: Value, _ line: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try FileKind.requireTable(region, path: path, expected: "JSON Lines")
    let decoder = JSONDecoder()
    try ByteLines.forEach(in: region, path: path) { (text, line) throws(FileError) in
      guard text.contains(where: { !isSpace($0) }) else { return }
      let value: Value
      do {
        value = try decoder.decode(type, from: Data(text))
      } catch {
        throw FileError(path, at: .line(line), JSONFailure.reason(error, whole: "the line"))
      }
      try body(value, line)
    }
  }

  /// A value as one line of JSON, keys sorted, with its line feed.
  ///
  /// - Throws: `FileError`, naming the file that the line is meant for, for a value that JSON can't hold,
  ///   such as a number that is not finite, or a line longer than is read.
  public static func line(_ value: some Encodable, path: String) throws(FileError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data: Data
    do {
      data = try encoder.encode(value)
    } catch {
      throw FileError(path, "can't be written as JSON: \(JSONFailure.reason(error, whole: "the line"))")
    }
    guard data.count <= longestLine else {
      throw FileError(path, "can't be written: a line would be longer than \(longestLine >> 20) MiB")
    }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
