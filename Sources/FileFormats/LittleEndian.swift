extension ByteRegion {
  /// The unsigned number of a width that is stored at an offset, least significant byte first.
  func littleEndian<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ type: Number.Type, at offset: Int
  ) -> Number {
    precondition(
      offset >= 0 && offset <= count - MemoryLayout<Number>.size, "number at \(offset) outside 0..<\(count)")
    return withUnsafeBytes {
      Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
  }

  /// Whether these bytes stand at an offset.
  func has(_ expected: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, offset <= count - expected.count else { return false }
    return expected.indices.allSatisfy { self[offset + $0] == expected[$0] }
  }
}

extension [UInt8] {
  /// Appends a number, least significant byte first.
  mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
