import Foundation

/// Reads and formats JSON Lines: one JSON value on each line.
public enum JSONLines {
  /// The longest line, in bytes, that is read or written: decoding takes many times a line's length in memory.
  static let longestLine = 1 << 26

  /// Gives the value on each line of a file, and the number of the line, to a closure.
  ///
  /// Blank lines and a byte order mark are skipped; lines end in LF or CRLF.
  ///
  /// - Throws: `FileError`, naming the line, for text that is not JSON of the type or longer than 64 MiB; and what
  ///   the closure throws.
  /// - Complexity: one pass over the mapped file; one value is in memory at a time.
  public static func forEach<Value: Decodable>(
    _ type: Value.Type, path: String, _ body: (_ value: Value, _ line: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try forEach(type, region: ByteRegion(mapping: path), path: path, body)
  }

  /// Gives the value on each line of bytes in memory to a closure; `path` names them in errors.
  ///
  /// - Throws: `FileError` as for a file.
  public static func forEach<Value: Decodable>(
    _ type: Value.Type, region: ByteRegion, path: String,
    _ body: (_ value: Value, _ line: Int) throws(FileError) -> Void
  ) throws(FileError) {
    let decoder = JSONDecoder()
    try region.withUnsafeBytes { (bytes) throws(FileError) -> Void in
      var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      var line = 0
      while position < bytes.count {
        line += 1
        // A longer line is not even searched for its end, so that it never comes into memory.
        let limit = min(bytes.count, position + longestLine + 1)
        let end = bytes[position..<limit].firstIndex(of: 0x0A) ?? limit
        guard end - position <= longestLine else {
          throw FileError(path, at: .line(line), "is longer than \(longestLine >> 20) MiB")
        }
        let text = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
        position = end + 1
        guard text.contains(where: { !isSpace($0) }) else { continue }
        let value: Value
        do {
          value = try decoder.decode(type, from: Data(text))
        } catch {
          throw FileError(path, at: .line(line), JSONFailure.reason(error, whole: "the line"))
        }
        try body(value, line)
      }
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
