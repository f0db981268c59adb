/// Numbers, text and bytes; numpy scalars and arrays without dimensions count as what they hold.
extension PickleValue {
  /// An integer.
  ///
  /// - Throws: `FileError` if the value is not an integer or doesn't fit `Int`. A boolean is not an integer.
  public func integer() throws(FileError) -> Int {
    if case .integer(let value) = node { return value }
    switch scalar {
    case .integer(let value): return value
    case .large(let value): throw error("integer \(value) doesn't fit in 64 bits with a sign")
    default: throw mismatch("an integer")
    }
  }

  /// A floating-point number, or an integer as one.
  ///
  /// - Throws: `FileError` if the value is not a number.
  public func double() throws(FileError) -> Double {
    switch node {
    case .integer(let value): return Double(value)
    case .float(let value): return value
    default: break
    }
    switch scalar {
    case .integer(let value): return Double(value)
    case .large(let value): return Double(value)
    case .float(let value): return value
    default: throw mismatch("a number")
    }
  }

  /// A boolean.
  ///
  /// - Throws: `FileError` if the value is not a boolean.
  public func boolean() throws(FileError) -> Bool {
    if case .boolean(let value) = node { return value }
    guard case .boolean(let value) = scalar else { throw mismatch("a boolean") }
    return value
  }

  /// Text: a string of Python 3, or of Python 2 in UTF-8, or a numpy string.
  ///
  /// - Throws: `FileError` if the value is not a string or not valid Unicode.
  /// - Complexity: linear in the length of the text, which is copied.
  public func string() throws(FileError) -> String {
    switch node {
    case .text(let range), .byteString(let range):
      guard let text = storage.text(range) else {
        throw error("the string at byte \(range.lowerBound) is not valid UTF-8")
      }
      return text
    default:
      guard case .text(let codePoints) = scalar else { throw mismatch("a string") }
      guard let text = UTF32Text.decode(codePoints) else { throw error("the string is not valid UTF-32") }
      return text
    }
  }

  /// The bytes of a `bytes`, a `bytearray` or a string of Python 2.
  ///
  /// They are in place, unless protocol 2 spelled them as text: then each call decodes a copy.
  ///
  /// - Throws: `FileError` if the value is none of these.
  public func bytes() throws(FileError) -> ByteRegion {
    switch node {
    case .bytes, .byteString, .latin1:
      guard let bytes = storage.bytes(nodeIndex) else {
        throw error("text that stands for bytes has characters that are none")
      }
      return bytes
    default: throw mismatch("bytes")
    }
  }

  private var scalar: NumpyScalar? {
    guard case .array(let index) = node else { return nil }
    return NumpyScalar(storage.arena.arrays[index], in: storage)
  }
}

extension PickleStorage {
  /// The bytes of a node, or nil if it has none.
  ///
  /// They are in place, or decoded where protocol 2 spelled them as text.
  func bytes(_ node: Int) -> ByteRegion? {
    switch arena.nodes[node] {
    case .bytes(let range), .byteString(let range): return region[range]
    case .latin1(let range): return Latin1Bytes.decode(region[range])
    default: return nil
    }
  }
}
