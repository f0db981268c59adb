/// Splits CSV bytes (RFC 4180) into rows of fields, one row at a time.
struct CSVScanner {
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D
  private static let quote: UInt8 = 0x22

  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private let separator: UInt8
  /// The offset of the next row.
  private(set) var position: Int
  /// The line number of the next row, from 1.
  private(set) var line: Int

  init(_ bytes: UnsafeRawBufferPointer, path: String, separator: UInt8, position: Int = 0, line: Int = 1) {
    self.bytes = bytes
    self.path = path
    self.separator = separator
    self.position = position
    self.line = line
  }

  /// Reads the next row that is not blank.
  ///
  /// - Returns: The line that the row starts on, or nil at the end.
  mutating func nextRow(into fields: inout [String]) throws(FileError) -> Int? {
    fields.removeAll(keepingCapacity: true)
    while try skipLineEnd() {}
    guard position < bytes.count else { return nil }
    let start = line
    while true {
      let isQuoted = position < bytes.count && bytes[position] == Self.quote
      fields.append(isQuoted ? try quotedField() : try plainField())
      if position == bytes.count { return start }
      if bytes[position] == separator {
        position += 1
      } else if try skipLineEnd() {
        return start
      } else {
        throw error("found text after the closing quote of field \(fields.count)")
      }
    }
  }

  private mutating func plainField() throws(FileError) -> String {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn { break }
      position += 1
    }
    return try text(start..<position)
  }

  /// A field in quotes, in which a doubled quote stands for one; ends behind the closing quote.
  private mutating func quotedField() throws(FileError) -> String {
    let startLine = line
    position += 1
    var unescaped: [UInt8] = []
    var start = position
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.lineFeed { line += 1 }
      guard byte == Self.quote else { continue }
      let isDoubled = position < bytes.count && bytes[position] == Self.quote
      guard isDoubled || !unescaped.isEmpty else { return try text(start..<position - 1) }
      // The first of two quotes belongs to the text, a closing one doesn't.
      unescaped += bytes[start..<(isDoubled ? position : position - 1)]
      guard isDoubled else { return try text(unescaped) }
      position += 1
      start = position
    }
    throw FileError(path, at: .line(startLine), "a quoted field is not closed")
  }

  /// Skips a line feed, or a carriage return and a line feed.
  private mutating func skipLineEnd() throws(FileError) -> Bool {
    guard position < bytes.count else { return false }
    if bytes[position] == Self.carriageReturn {
      guard position + 1 < bytes.count, bytes[position + 1] == Self.lineFeed else {
        throw error("found a carriage return without a line feed")
      }
      position += 1
    }
    guard bytes[position] == Self.lineFeed else { return false }
    position += 1
    line += 1
    return true
  }

  private func text(_ range: Range<Int>) throws(FileError) -> String {
    guard let text = String(validating: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self) else {
      throw error("a field is not valid UTF-8")
    }
    return text
  }

  private func text(_ bytes: [UInt8]) throws(FileError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error("a field is not valid UTF-8")
    }
    return text
  }

  private func error(_ reason: String) -> FileError { FileError(path, at: .line(line), reason) }
}
