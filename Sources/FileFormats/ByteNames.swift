import Foundation

/// Numbers texts in the order of their first appearance, as `NameIndex` does, without a `String` for a look-up.
///
/// A hash table with open addressing over one array that holds the bytes of all texts.
struct ByteNames: Sendable {
  /// 2⁶⁴ over the golden ratio, made odd, so that a product mixes all bits of a word (Knuth 1973, §6.4).
  private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
  /// Differs between processes, so that no file can be made whose texts all fall into one slot; no number depends on it.
  private static let secret = UInt64.random(in: .min ... .max)

  private var bytes: [UInt8] = []
  /// Where each text ends in `bytes`.
  private var ends: [Int] = []
  /// The number of a text plus 1 below 32 bits of its hash, or 0 for an empty slot; a power of two of them.
  private var slots: [UInt64] = Array(repeating: 0, count: 64)

  /// The number of texts.
  var count: Int { ends.count }

  /// The number of a text, a new one, equal to `count` before, if the text is new.
  @inline(__always)
  mutating func number(of text: UnsafeRawBufferPointer) -> Int {
    let hash = Self.hash(text)
    let tag = hash & 0xFFFF_FFFF_0000_0000
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place] != 0 {
      let slot = slots[place]
      if slot & 0xFFFF_FFFF_0000_0000 == tag {
        let number = Int(slot & 0xFFFF_FFFF) - 1
        if isText(number, text) { return number }
      }
      place = (place + 1) & mask
    }
    return append(text, tag: tag, slot: place)
  }

  /// The bytes of a text, for a closure that must not keep them.
  func withText<Result>(_ number: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let start = number > 0 ? ends[number - 1] : 0
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<ends[number]])) }
  }

  /// All texts in the order of their numbers.
  var texts: [String] {
    (0..<count).map { number in withText(number) { String(decoding: $0, as: UTF8.self) } }
  }

  @inline(__always)
  private func isText(_ number: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    let start = number > 0 ? ends[number - 1] : 0
    guard ends[number] - start == text.count, let other = text.baseAddress else { return text.isEmpty }
    return bytes.withUnsafeBytes { own in
      own.baseAddress.map { memcmp($0 + start, other, text.count) == 0 } ?? text.isEmpty
    }
  }

  @inline(never)
  private mutating func append(_ text: UnsafeRawBufferPointer, tag: UInt64, slot: Int) -> Int {
    let number = count
    precondition(number < Int(UInt32.max) - 1, "more texts than a slot can number")
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    slots[slot] = tag | UInt64(number + 1)
    if count * 2 > slots.count { grow() }
    return number
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 4)
    let mask = slots.count - 1
    for number in 0..<count {
      let hash = withText(number) { Self.hash($0) }
      var place = Int(truncatingIfNeeded: hash) & mask
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(number + 1)
    }
  }

  /// Mixes eight bytes at a time by a product of double width.
  @inline(__always)
  private static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
    var state = secret ^ UInt64(text.count)
    var position = 0
    while position + 8 <= text.count {
      state = mixed(state ^ text.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    var rest: UInt64 = 0
    while position < text.count {
      rest = rest << 8 | UInt64(text[position])
      position += 1
    }
    return mixed(mixed(state ^ rest) ^ secret)
  }

  @inline(__always)
  private static func mixed(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: factor)
    return product.high ^ product.low
  }
}
