/// Some rows of a CSV file as columns, read by one thread: the texts of some columns and the numbers of others.
struct CSVBlock: Sendable {
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D
  private static let quote: UInt8 = 0x22

  /// The first fault, and on which line from 0 it is.
  struct Fault: Error {
    let line: Int
    let reason: String
    /// The column of numbers that it is in, where it is in one.
    var column: (group: Int, place: Int)?
  }

  /// The distinct texts of each named column.
  private(set) var names: [ByteNames]
  /// The text of each row by its number in `names`.
  private(set) var codes: [[UInt32]]
  /// The numbers of each group of columns, one row after the other.
  private(set) var numbers: [[Float]]
  /// The rows.
  private(set) var rowCount = 0
  /// The line ends.
  private(set) var lineCount = 0
  /// Why the block was not read to its end.
  private(set) var fault: Fault?

  private let separator: UInt8
  private let width: Int
  /// How each group's numbers are read.
  private let readings: [NumberReading]
  /// The place in `fields` of each column of the file; -1 for one that is not read.
  private let places: [Int]
  /// The places of each group's columns.
  private let numberPlaces: [[Int]]
  /// The bytes of the columns that are read in the present row, the numbers last.
  private var fields: [Field]
  /// The same of the last row, or of an equal one before it.
  private var previous: [Field]
  /// The texts of each group that are no plain numbers, and what they stand for.
  private var words: [ByteNames]
  private var wordValues: [[Float]]

  private struct Field {
    var start = 0
    var end = 0
    /// Whether doubled quotes are in it.
    var isEscaped = false
  }

  init(
    _ bytes: UnsafeRawBufferPointer, separator: UInt8, width: Int, named: [Int],
    numbers groups: [NumberColumns]
  ) {
    self.separator = separator
    self.width = width
    readings = groups.map(\.reading)
    var places = Array(repeating: -1, count: width)
    for (place, column) in named.enumerated() { places[column] = place }
    // A column of texts may be one of numbers too, and then has one place.
    var count = named.count
    for column in groups.flatMap(\.columns) where places[column] < 0 {
      places[column] = count
      count += 1
    }
    numberPlaces = groups.map { [places] in $0.columns.map { places[$0] } }
    numbers = groups.map { _ in [] }
    words = groups.map { _ in ByteNames() }
    wordValues = groups.map { _ in [] }
    self.places = places
    fields = Array(repeating: Field(), count: count)
    previous = fields
    names = named.map { _ in ByteNames() }
    codes = named.map { _ in [] }
    do throws(Fault) {
      try read(bytes)
    } catch {
      fault = error
    }
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    var position = 0
    while position < bytes.count {
      if try skipLineEnd(bytes, &position) { continue }
      let line = lineCount
      var count = 0
      while true {
        var field = Field(start: position, end: position)
        if position < bytes.count, bytes[position] == Self.quote {
          field = try quotedField(bytes, &position)
        } else {
          while position < bytes.count {
            let byte = bytes[position]
            if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            position += 1
          }
          field.end = position
        }
        if count < width, places[count] >= 0 { fields[places[count]] = field }
        count += 1
        if position == bytes.count { break }
        if bytes[position] == separator {
          position += 1
        } else if try skipLineEnd(bytes, &position) {
          break
        } else {
          throw Fault(line: lineCount, reason: "found text after the closing quote of field \(count)")
        }
      }
      guard count == width else { throw Fault(line: line, reason: "\(count) fields, expected \(width)") }
      try keep(bytes, line: line)
    }
  }

  /// Keeps the fields of a row.
  @inline(__always)
  private mutating func keep(_ bytes: UnsafeRawBufferPointer, line: Int) throws(Fault) {
    rowCount += 1
    for place in names.indices {
      let field = fields[place]
      // Rows of one query or LLM often stand together.
      if let last = codes[place].last, Self.areEqual(bytes, field, previous[place]) {
        codes[place].append(last)
      } else {
        codes[place].append(try code(bytes, field, place, line))
        previous[place] = field
      }
    }
    for group in numberPlaces.indices {
      for column in numberPlaces[group].indices {
        let field = fields[numberPlaces[group][column]]
        let text = UnsafeRawBufferPointer(rebasing: bytes[field.start..<field.end])
        if let number = field.isEscaped ? nil : plain(text, group) {
          numbers[group].append(number)
        } else {
          numbers[group].append(try word(text, field, line, (group, column)))
        }
      }
    }
  }

  @inline(__always)
  private func plain(_ text: UnsafeRawBufferPointer, _ group: Int) -> Float? {
    let divisor = readings[group].divisor
    return divisor == 1 ? DecimalText.single(text) : DecimalText.double(text).map { Float($0 / divisor) }
  }

  @inline(__always)
  private static func areEqual(_ bytes: UnsafeRawBufferPointer, _ first: Field, _ second: Field) -> Bool {
    let count = first.end - first.start
    guard count == second.end - second.start, first.isEscaped == second.isEscaped else { return false }
    for offset in 0..<count where bytes[first.start + offset] != bytes[second.start + offset] { return false }
    return true
  }

  private mutating func code(
    _ bytes: UnsafeRawBufferPointer, _ field: Field, _ place: Int, _ line: Int
  ) throws(Fault) -> UInt32 {
    let count = names[place].count
    let text = UnsafeRawBufferPointer(rebasing: bytes[field.start..<field.end])
    let number =
      field.isEscaped
      ? Self.unescaped(text).withUnsafeBytes { names[place].number(of: $0) } : names[place].number(of: text)
    if number == count, !Self.isText(text) { throw Fault(line: line, reason: "a field is not valid UTF-8") }
    return UInt32(number)
  }

  /// What a text that is no plain number stands for; each text is asked for once.
  private mutating func word(
    _ raw: UnsafeRawBufferPointer, _ field: Field, _ line: Int,
    _ column: (group: Int, place: Int)
  ) throws(Fault) -> Float {
    let group = column.group
    let bytes = field.isEscaped ? Self.unescaped(raw) : Array(raw)
    let number = bytes.withUnsafeBytes { words[group].number(of: $0) }
    if number < wordValues[group].count { return wordValues[group][number] }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Fault(line: line, reason: "a field is not valid UTF-8")
    }
    guard let value = readings[group].word(text) else {
      throw Fault(line: line, reason: readings[group].refusal(text), column: column)
    }
    wordValues[group].append(value)
    return value
  }

  private static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
  }

  /// The bytes with one quote for each two.
  private static func unescaped(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var result: [UInt8] = []
    var isSecond = false
    for byte in bytes {
      isSecond = byte == quote && !isSecond
      if byte != quote || !isSecond { result.append(byte) }
    }
    return result
  }

  /// The inside of a field in quotes; ends behind the closing quote.
  private mutating func quotedField(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(Fault) -> Field {
    let line = lineCount
    position += 1
    var field = Field(start: position, end: position)
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.lineFeed { lineCount += 1 }
      guard byte == Self.quote else { continue }
      guard position < bytes.count, bytes[position] == Self.quote else {
        field.end = position - 1
        return field
      }
      position += 1
      field.isEscaped = true
    }
    throw Fault(line: line, reason: "a quoted field is not closed")
  }

  /// Skips a line feed, or a carriage return and a line feed.
  @inline(__always)
  private mutating func skipLineEnd(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(Fault) -> Bool {
    guard position < bytes.count else { return false }
    if bytes[position] == Self.carriageReturn {
      guard position + 1 < bytes.count, bytes[position + 1] == Self.lineFeed else {
        throw Fault(line: lineCount, reason: "found a carriage return without a line feed")
      }
      position += 1
    }
    guard bytes[position] == Self.lineFeed else { return false }
    position += 1
    lineCount += 1
    return true
  }
}
