import NumericKernels
import Testing

@testable import TextFeatures

@Suite struct NGramTests {
  /// A slow, readable reference: the n-grams as texts, each with its number of occurrences.
  ///
  /// For texts of ASCII letters, digits and marks, whose bytes are their characters.
  private static func reference(
    _ text: String, words: ClosedRange<Int>?, characters: ClosedRange<Int>?
  ) -> [String: Int] {
    var result: [String: Int] = [:]
    let small = text.lowercased()
    let list = small.split { !($0.isLetter || $0.isNumber || $0 == "_") }.filter { $0.count > 1 }
    for length in words ?? 1...1 where words != nil && length <= list.count {
      for first in 0...list.count - length {
        result["w:" + list[first..<first + length].joined(separator: " "), default: 0] += 1
      }
    }
    for token in small.split(separator: " ") {
      let padded = Array(" \(token) ")
      for length in characters ?? 1...1 where characters != nil && length <= padded.count {
        for first in 0...padded.count - length {
          result["c:" + String(padded[first..<first + length]), default: 0] += 1
        }
      }
    }
    return result
  }

  private static func place(_ name: String, bits: Int) -> Int32 {
    var hash = NGramHash()
    for byte in name.utf8.dropFirst(2) { hash.add(byte) }
    return hash.place(name.hasPrefix("w") ? .words : .characters, bits: bits)
  }

  private static func counts(_ text: [UInt8], _ options: TextFeatureOptions) -> [Int32: Int] {
    let found = NGramCounts(PromptText(text), options: options)
    return Dictionary(uniqueKeysWithValues: zip(found.places, found.counts.map { Int($0) }))
  }

  private static let lengths: [(ClosedRange<Int>?, ClosedRange<Int>?)] = [
    (1...2, 2...4), (1...1, nil), (nil, 1...3), (2...3, 3...3),
  ]

  @Test(arguments: 0..<4) func agreeWithTheirReference(_ setting: Int) {
    let (words, characters) = Self.lengths[setting]
    let options = TextFeatureOptions(words: words, characters: characters, hashBits: 22)
    var generator = SeededGenerator(seed: 3, stream: "texts")
    let letters = Array("aAbB1_ .,  ")
    for length in [0, 1, 2, 3, 7, 40, 400] {
      let text = String((0..<length).map { _ in letters[generator.below(letters.count)] })
      var expected: [Int32: Int] = [:]
      for (name, count) in Self.reference(text, words: words, characters: characters) {
        expected[Self.place(name, bits: 22), default: 0] += count
      }
      #expect(Self.counts(Array(text.utf8), options) == expected, "\(text)")
    }
  }

  /// The test vector of the hash's authors: FNV-1a 64 of "foobar" is 85944171f73967e8.
  @Test func theHashIsThePublishedOne() {
    var hash = NGramHash()
    for byte in "foobar".utf8 { hash.add(byte) }
    let folded: UInt64 = 0x8594_4171_f739_67e8 ^ 0x8594_4171
    #expect(hash.place(.words, bits: 20) == Int32(folded & 0x7FFFF))
    #expect(hash.place(.characters, bits: 20) == Int32(folded & 0x7FFFF) + 0x80000)
  }

  /// Only ASCII letters have another case, and any bytes are a text.
  @Test func charactersAreValidSequencesAndSingleBytes() {
    let text = PromptText(Array("Aé".utf8) + [0xFF, 0xC3, 0x20] + Array("Ü🙂\u{2009}中".utf8) + [0xE2, 0x82])
    let kinds: [PromptText.Kind] = [
      .word, .word, .other, .other, .space, .word, .other, .space, .word, .other, .other,
    ]
    #expect(text.kinds == kinds)
    #expect(text.starts == [0, 1, 3, 4, 5, 6, 8, 12, 15, 18, 19, 20])
    #expect(text.bytes.first == 0x61 && Array(text.bytes[6..<8]) == Array("Ü".utf8))
  }

  @Test(
    arguments: [
      [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xF0, 0x80, 0x80, 0xAF], [0x80],
    ] as [[UInt8]]) func whatIsNoUTF8IsSingleBytes(_ bytes: [UInt8])
  {
    #expect(PromptText(bytes).count == bytes.count)
    #expect(UTF8Sequence.decode(bytes, at: 0) == nil)
  }
}
