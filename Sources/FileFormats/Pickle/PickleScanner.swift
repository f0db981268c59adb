/// Reads the operands of pickle instructions and never past the end of the file.
struct PickleScanner {
  /// The whole file.
  let bytes: UnsafeRawBufferPointer
  /// The file's path, for errors.
  let path: String
  /// The offset of the next byte to read.
  private(set) var position = 0
  /// The offset of the instruction being executed: the place of its errors.
  private(set) var instructionOffset = 0

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// An error at the instruction being executed.
  func error(_ reason: String) -> FileError { FileError(path, at: .byte(instructionOffset), reason) }

  /// The next instruction.
  mutating func opcode() throws(FileError) -> PickleOpcode {
    instructionOffset = position
    guard position < bytes.count else {
      throw error("the pickle ends before its STOP instruction: the file was cut short")
    }
    let byte = bytes[position]
    position += 1
    guard let opcode = PickleOpcode(rawValue: byte) else {
      throw error("byte 0x\(String(byte, radix: 16)) is not a pickle instruction")
    }
    return opcode
  }

  /// A little-endian integer.
  mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(FileError) -> Integer {
    let range = try take(UInt64(MemoryLayout<Integer>.size))
    return Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Integer.self))
  }

  /// The place of the next `count` bytes, which are skipped and not read.
  mutating func take(_ count: UInt64) throws(FileError) -> Range<Int> {
    guard let length = Int(exactly: count), length <= bytes.count - position else {
      throw error("needs \(count) more bytes, the file has \(bytes.count - position)")
    }
    defer { position += length }
    return position..<position + length
  }

  /// The place of the next line, without its line feed.
  ///
  /// Names and numbers are short, so a longer line than 1,000 bytes is refused and the search for its end
  /// is bounded.
  mutating func line() throws(FileError) -> Range<Int> {
    let start = position
    let limit = min(bytes.count, start + 1000)
    guard let end = bytes[start..<limit].firstIndex(of: 0x0A) else {
      throw error("a line of text doesn't end")
    }
    position = end + 1
    return start..<end
  }

  /// A two's complement little-endian integer of `count` bytes; zero bytes mean 0.
  ///
  /// - Throws: `FileError` for one that doesn't fit `Int`.
  mutating func long(count: UInt64) throws(FileError) -> Int {
    let range = try take(count)
    guard range.count <= 8 else {
      throw error("an integer of \(range.count) bytes doesn't fit in 64 bits")
    }
    guard !range.isEmpty else { return 0 }
    var value: UInt64 = 0
    for index in range.reversed() { value = value << 8 | UInt64(bytes[index]) }
    let unused = 64 - 8 * range.count
    return Int(Int64(bitPattern: value << UInt64(unused)) >> Int64(unused))
  }

  /// UTF-8 text at a place in the file, or nil where it is not valid.
  func text(_ range: Range<Int>) -> String? {
    String(validating: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  /// Text at a place in the file for an error message.
  func excerpt(_ range: Range<Int>) -> String {
    FileError.excerpt(UnsafeRawBufferPointer(rebasing: bytes[range]))
  }
}
