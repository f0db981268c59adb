/// A text as n-grams see it: bytes cut into characters, ASCII capitals made small.
///
/// Text is bytes. A valid UTF-8 sequence is a character; a byte that belongs to none is a character of its own, so that
/// any bytes are a text and each has its features. Only ASCII letters have another case here: what is a capital
/// elsewhere depends on the version of Unicode.
struct PromptText {
  /// What n-grams ask of a character.
  enum Kind: UInt8 {
    /// Parts tokens.
    case space
    /// Letters, digits and `_`: what words consist of.
    case word
    /// Anything else, and bytes that are no UTF-8.
    case other
  }

  /// The bytes, with small ASCII letters.
  let bytes: [UInt8]
  /// Where each character begins, and the end of the last one.
  let starts: [Int]
  /// The kind of each character.
  let kinds: [Kind]

  /// Cuts bytes into characters; one pass.
  init(_ text: [UInt8]) {
    var bytes = text
    var starts: [Int] = []
    var kinds: [Kind] = []
    starts.reserveCapacity(text.count + 1)
    kinds.reserveCapacity(text.count)
    var place = 0
    while place < text.count {
      starts.append(place)
      let byte = text[place]
      if byte < 0x80 {
        if byte >= 0x41, byte <= 0x5A { bytes[place] = byte | 0x20 }
        kinds.append(Self.kind(ascii: bytes[place]))
        place += 1
      } else if let (scalar, length) = UTF8Sequence.decode(text, at: place) {
        kinds.append(Self.kind(beyondASCII: scalar))
        place += length
      } else {
        kinds.append(.other)
        place += 1
      }
    }
    starts.append(text.count)
    self.bytes = bytes
    self.starts = starts
    self.kinds = kinds
  }

  /// The number of characters.
  var count: Int { kinds.count }

  /// The bytes of a character.
  func range(of character: Int) -> Range<Int> { starts[character]..<starts[character + 1] }

  /// Longest runs of characters of which a property holds, as ranges of characters.
  func runs(where holds: (Kind) -> Bool) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start: Int?
    for (place, kind) in kinds.enumerated() {
      if holds(kind) {
        start = start ?? place
      } else if let begun = start {
        result.append(begun..<place)
        start = nil
      }
    }
    if let start { result.append(start..<count) }
    return result
  }

  private static func kind(ascii byte: UInt8) -> Kind {
    switch byte {
    case 0x20, 0x09...0x0D: return .space
    case 0x30...0x39, 0x61...0x7A, 0x5F: return .word
    default: return .other
    }
  }

  /// Fixed ranges in place of tables that change with Unicode: blocks of punctuation, symbols and pictures are `other`,
  /// everything else beyond Latin-1's signs is part of words.
  private static func kind(beyondASCII scalar: UInt32) -> Kind {
    switch scalar {
    case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return .space
    case ..<0xC0, 0xD7, 0xF7, 0x2000...0x2BFF, 0x3001...0x303F, 0x1F000...0x1FAFF: return .other
    default: return .word
    }
  }
}

/// One character of UTF-8.
enum UTF8Sequence {
  /// The scalar that begins at a place with a byte of at least 0x80, and its length; nil where it is not valid UTF-8.
  ///
  /// Format: table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing beyond U+10FFFF.
  static func decode(_ bytes: [UInt8], at place: Int) -> (scalar: UInt32, length: Int)? {
    let first = bytes[place]
    let length: Int
    var scalar: UInt32
    switch first {
    case 0xC2...0xDF: (length, scalar) = (2, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, scalar) = (3, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, scalar) = (4, UInt32(first & 0x07))
    default: return nil
    }
    guard place + length <= bytes.count else { return nil }
    for byte in bytes[place + 1..<place + length] {
      guard byte & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    switch length {
    case 3: return scalar >= 0x800 && !(0xD800...0xDFFF).contains(scalar) ? (scalar, length) : nil
    case 4: return scalar >= 0x10000 && scalar <= 0x10FFFF ? (scalar, length) : nil
    default: return (scalar, length)
    }
  }
}
