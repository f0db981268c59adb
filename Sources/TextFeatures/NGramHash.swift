/// The place of an n-gram among 2ᵇ: one half for n-grams of words, the other for those of characters.
///
/// The hash is 64-bit FNV-1a (Fowler, Noll and Vo) of the n-gram's bytes, words parted by one space: h ← (h ⊕ byte) ·
/// 0x100000001b3 from 0xcbf29ce484222325. Its halves are folded, h ⊕ (h ≫ 32), and taken modulo 2ᵇ⁻¹; n-grams of
/// characters add 2ᵇ⁻¹. Two n-grams of one place are one feature.
struct NGramHash {
  /// Which n-grams.
  enum Family: Int, CaseIterable {
    case words, characters
  }

  private static let start: UInt64 = 0xcbf2_9ce4_8422_2325
  private static let space: UInt8 = 0x20

  private var state = start

  /// Takes a byte into the hash.
  mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

  /// Takes a space into the hash.
  mutating func addSpace() { add(Self.space) }

  /// Takes bytes of a text into the hash.
  mutating func add(_ text: PromptText, _ range: Range<Int>) {
    for place in range { add(text.bytes[place]) }
  }

  /// The place among 2ᵇ.
  func place(_ family: Family, bits: Int) -> Int32 {
    let half = UInt64(1) << UInt64(bits - 1)
    let folded = (state ^ (state >> 32)) & (half - 1)
    return Int32(truncatingIfNeeded: folded | (family == .characters ? half : 0))
  }
}
