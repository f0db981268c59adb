/// Fixed-width text of numpy: little-endian UTF-32, padded with zeros.
enum UTF32Text {
  /// The text without its padding, or nil where a unit is not a Unicode scalar.
  static func decode(_ bytes: ByteRegion) -> String? { bytes.withUnsafeBytes { decode($0) } }

  /// The text without its padding, or nil where a unit is not a Unicode scalar.
  ///
  /// - Complexity: linear; one allocation for the string.
  static func decode(_ bytes: UnsafeRawBufferPointer) -> String? {
    func unit(_ index: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
    }
    var length = bytes.count / 4
    while length > 0, unit(length - 1) == 0 { length -= 1 }
    var units = 0
    for index in 0..<length {
      guard let scalar = Unicode.Scalar(unit(index)) else { return nil }
      units += UTF8.width(scalar)
    }
    return String(unsafeUninitializedCapacity: units) { target in
      var position = 0
      for index in 0..<length {
        let value = unit(index)
        if value < 0x80 {
          target[position] = UInt8(truncatingIfNeeded: value)
          position += 1
        } else if let scalar = Unicode.Scalar(value) {
          for byte in UTF8.encode(scalar) ?? .init() {
            target[position] = byte
            position += 1
          }
        }
      }
      return position
    }
  }
}
