/// Reads a CSV or TSV file row by row over its mapped bytes.
///
/// RFC 4180: fields in quotes may hold separators, line ends and doubled quotes; lines end in LF or CRLF; a
/// byte order mark is skipped. Blank lines are skipped too. A quote inside a field that doesn't start with
/// one is an ordinary character. The first row names the columns. A file that gzip packed is unpacked.
public struct CSVReader: Sendable {
  /// The file's path, for error messages.
  public let path: String
  /// The names of the columns: the first row.
  public let header: [String]

  /// The file's size in bytes.
  public var byteCount: Int { region.count }

  let separator: UInt8
  private let region: ByteRegion
  private let firstRow: (position: Int, line: Int)

  /// The rows below the header.
  var body: ByteRegion { region[firstRow.position..<region.count] }
  /// The line that the body starts on.
  var firstLine: Int { firstRow.line }

  /// Maps a file and reads its header.
  ///
  /// - Parameter separator: An ASCII character; nil for the comma, tab or semicolon that the first row shows, in that
  ///   order.
  /// - Throws: `FileError` if the file can't be mapped or unpacked, is empty, or its first row is malformed.
  public init(path: String, separator: Character? = nil) throws(FileError) {
    try self.init(region: ByteRegion(unpacking: path), path: path, separator: separator)
  }

  /// Reads the header of CSV bytes in memory; `path` names them in errors.
  ///
  /// - Throws: `FileError` as for a file.
  public init(region: ByteRegion, path: String, separator: Character? = nil) throws(FileError) {
    try FileKind.requireTable(region, path: path)
    let separatorByte = separator.map(Self.byte(of:)) ?? Self.separator(of: region)
    let (header, position, line) = try region.withUnsafeBytes {
      (bytes) throws(FileError) -> ([String], Int, Int) in
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      var scanner = CSVScanner(bytes, path: path, separator: separatorByte, position: start)
      var header: [String] = []
      guard try scanner.nextRow(into: &header) != nil else {
        throw FileError(path, "is empty, expected a row of column names")
      }
      return (header, scanner.position, scanner.line)
    }
    self.path = path
    self.region = region
    self.separator = separatorByte
    self.header = header
    firstRow = (position, line)
  }

  /// The index of the column with a name.
  ///
  /// - Throws: `FileError`, listing the columns, if there is none or more than one.
  public func column(_ name: String) throws(FileError) -> Int {
    let matches = header.indices.filter { Name(header[$0]) == Name(name) }
    guard let index = matches.first, matches.count == 1 else {
      let columns = header.prefix(12).map { FileError.excerpt($0) }.joined(separator: ", ")
      let number = matches.isEmpty ? "no column" : "\(matches.count) columns"
      throw FileError(
        path, at: .line(1),
        "\(number) named \"\(FileError.excerpt(name))\"; it has \(columns)\(header.count > 12 ? ", …" : "")")
    }
    return index
  }

  /// Gives each row below the header, and the number of the line that it starts on, to a closure.
  ///
  /// - Throws: `FileError`, naming the line, for a row with another number of fields than the header, a quote
  ///   that is not closed, a carriage return alone or invalid UTF-8; and what the closure throws.
  /// - Complexity: one pass; one row is in memory at a time.
  public func forEachRow(
    _ body: (_ fields: [String], _ line: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try region.withUnsafeBytes { (bytes) throws(FileError) -> Void in
      var scanner = CSVScanner(
        bytes, path: path, separator: separator, position: firstRow.position, line: firstRow.line)
      var fields: [String] = []
      while let line = try scanner.nextRow(into: &fields) {
        guard fields.count == header.count else {
          throw FileError(path, at: .line(line), "\(fields.count) fields, expected \(header.count)")
        }
        try body(fields, line)
      }
    }
  }

  /// A row below the header by its number from 0, and the line that it starts on; nil for one that is not there.
  ///
  /// Reads the file from its start: for error messages, which name what a reader of columns didn't keep.
  public func row(_ index: Int) throws(FileError) -> (fields: [String], line: Int)? {
    try region.withUnsafeBytes { (bytes) throws(FileError) in
      var scanner = CSVScanner(
        bytes, path: path, separator: separator, position: firstRow.position, line: firstRow.line)
      var fields: [String] = []
      for _ in 0..<index { if try scanner.nextRow(into: &fields) == nil { return nil } }
      return try scanner.nextRow(into: &fields).map { (fields, $0) }
    }
  }

  /// The first of comma, tab and semicolon that stands in the first row outside of quotes; a comma for one column.
  private static func separator(of region: ByteRegion) -> UInt8 {
    let candidates = [",", "\t", ";"].map(byte(of:))
    var found: Set<UInt8> = []
    region.withUnsafeBytes { bytes in
      var isQuoted = false
      var hasBegun = false
      for byte in bytes {
        if byte == 0x22 { isQuoted.toggle() }
        if isQuoted { continue }
        if byte == 0x0A && hasBegun { break }
        if byte != 0x0A && byte != 0x0D { hasBegun = true }
        if candidates.contains(byte) { found.insert(byte) }
      }
    }
    return candidates.first(where: found.contains) ?? candidates[0]
  }

  static func byte(of separator: Character) -> UInt8 {
    guard let byte = separator.asciiValue, byte != 0x22, byte != 0x0A, byte != 0x0D else {
      preconditionFailure("\(separator) can't separate fields")
    }
    return byte
  }
}
