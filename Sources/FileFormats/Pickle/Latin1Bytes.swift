/// Bytes that protocol 2 spells as text: the UTF-8 of code points 0 to 255.
enum Latin1Bytes {
  /// The bytes, or nil where the text is not valid UTF-8 or has a code point above 255.
  ///
  /// - Complexity: linear; allocates the bytes once.
  static func decode(_ text: ByteRegion) -> ByteRegion? {
    text.withUnsafeBytes { source in
      // A byte above 127 takes two units of UTF-8: a lead of C2 or C3 and a continuation.
      let continuations = source.reduce(into: 0) { $0 += $1 & 0xC0 == 0x80 ? 1 : 0 }
      var isValid = true
      let region = ByteRegion(count: source.count - continuations) { target in
        var position = 0
        for index in target.indices {
          let unit = position < source.count ? source[position] : 0xFF
          if unit < 0x80 {
            target[index] = unit
            position += 1
          } else if unit & 0xFE == 0xC2, position + 1 < source.count, source[position + 1] & 0xC0 == 0x80 {
            target[index] = unit << 6 | source[position + 1] & 0x3F
            position += 2
          } else {
            isValid = false
            return
          }
        }
        isValid = position == source.count
      }
      return isValid ? region : nil
    }
  }
}
