extension BitMatrix {
  /// Bytes of a row that are transposed together: one cache line of the source.
  private static let stripeBytes = 64

  /// The transpose, copied; cost one step for each 8 × 8 block of bits.
  ///
  /// Source of the block step: Warren, Hacker's Delight, §7-3.
  public var transposed: BitMatrix {
    let stripes = Parallel.blocks(of: bytesPerRow, size: Self.stripeBytes)
    let width = (rows + 7) / 8
    let parts = Parallel.map(stripes.count) { index -> [UInt8] in
      let stripe = stripes[index]
      var part = [UInt8](repeating: 0, count: stripe.count * 8 * width)
      for block in 0..<width {
        let height = min(8, rows - 8 * block)
        for (offset, byte) in stripe.enumerated() {
          var word: UInt64 = 0
          for row in 0..<height {
            word |= UInt64(bytes[(8 * block + row) * bytesPerRow + byte]) << UInt64(56 - 8 * row)
          }
          guard word != 0 else { continue }
          word = Self.transposedBlock(word)
          for row in 0..<8 {
            part[(8 * offset + row) * width + block] = UInt8(
              truncatingIfNeeded: word >> UInt64(56 - 8 * row))
          }
        }
      }
      return part
    }
    return BitMatrix(rows: columns, columns: rows, bytes: Array(parts.joined().prefix(columns * width)))
  }

  /// The transpose of 8 × 8 bits, the first row in the highest byte.
  private static func transposedBlock(_ block: UInt64) -> UInt64 {
    var word = block
    var swapped = (word ^ (word >> 7)) & 0x00AA_00AA_00AA_00AA
    word ^= swapped ^ (swapped << 7)
    swapped = (word ^ (word >> 14)) & 0x0000_CCCC_0000_CCCC
    word ^= swapped ^ (swapped << 14)
    swapped = (word ^ (word >> 28)) & 0x0000_0000_F0F0_F0F0
    return word ^ swapped ^ (swapped << 28)
  }
}
