extension NDArray {
  /// The elements of a text array in C order, without the zeros that pad them.
  ///
  /// - Throws: `FileError` for another element type, or for a number that is no Unicode character, naming
  ///   the element.
  public func strings() throws(FileError) -> [String] {
    guard case .unicode(let length) = elementType else {
      throw error("expected text, found type \(elementType.code)")
    }
    var result = [String](repeating: "", count: count)
    try bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) throws(FileError) in
      guard let base = raw.baseAddress else { return }
      try forEachElement(rows: allRows) { (target, source) throws(FileError) in
        do throws(InvalidCodePoint) {
          result[target] = try Self.text(base + source * 4 * length, length: length)
        } catch {
          let number = String(error.codePoint, radix: 16, uppercase: true)
          throw self.error("element \(target) holds the number 0x\(number), which is no Unicode character")
        }
      }
    }
    return result
  }

  private struct InvalidCodePoint: Error { let codePoint: UInt32 }

  /// Text from UTF-32 that need not be aligned.
  private static func text(_ start: UnsafeRawPointer, length: Int) throws(InvalidCodePoint) -> String {
    func codePoint(_ index: Int) -> UInt32 { start.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self) }
    var used = length
    while used > 0, codePoint(used - 1) == 0 { used -= 1 }
    var utf8Count = 0
    for index in 0..<used {
      let value = codePoint(index)
      guard value > 0x7F else {
        utf8Count += 1
        continue
      }
      guard let scalar = Unicode.Scalar(value) else { throw InvalidCodePoint(codePoint: value) }
      utf8Count += UTF8.width(scalar)
    }
    return String(unsafeUninitializedCapacity: utf8Count) { buffer in
      if utf8Count == used {
        for index in 0..<used { buffer[index] = UInt8(truncatingIfNeeded: codePoint(index)) }
        return used
      }
      var position = 0
      for index in 0..<used {
        guard let encoded = Unicode.Scalar(codePoint(index)).flatMap(UTF8.encode) else { continue }
        for unit in encoded {
          buffer[position] = unit
          position += 1
        }
      }
      return position
    }
  }
}
