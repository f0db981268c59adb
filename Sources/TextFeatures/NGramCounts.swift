/// How often each n-gram occurs in a text, in the order of first occurrence.
///
/// N-grams of words: runs of at least two word characters (`PromptText.Kind.word`), parted by one space. N-grams of
/// characters: inside each run of characters that are no spaces, with one space before and after it, as scikit-learn's
/// `char_wb` has them.
struct NGramCounts {
  /// The place of each n-gram that occurs, see `NGramHash`.
  private(set) var places: [Int32] = []
  /// How often it does.
  private(set) var counts: [Int32] = []
  /// An open hash table: one more than the index of an n-gram, 0 where nothing is.
  private var table: [Int32]

  /// Counts the n-grams of a text; cost the number of its bytes times the longest n-gram of characters.
  init(_ text: PromptText, options: TextFeatureOptions) {
    var size = 64
    while size < 2 * text.count, size < 2 << options.hashBits { size *= 2 }
    table = Array(repeating: 0, count: size)
    places.reserveCapacity(size / 2)
    counts.reserveCapacity(size / 2)
    countWords(of: text, options)
    countCharacters(of: text, options)
  }

  private mutating func countWords(of text: PromptText, _ options: TextFeatureOptions) {
    guard let lengths = options.words else { return }
    let words = text.runs { $0 == .word }.filter { $0.count > 1 }.map {
      text.starts[$0.lowerBound]..<text.starts[$0.upperBound]
    }
    for first in words.indices {
      var hash = NGramHash()
      for last in first..<min(first + lengths.upperBound, words.count) {
        if last > first { hash.addSpace() }
        hash.add(text, words[last])
        if last - first + 1 >= lengths.lowerBound { add(hash.place(.words, bits: options.hashBits)) }
      }
    }
  }

  private mutating func countCharacters(of text: PromptText, _ options: TextFeatureOptions) {
    guard let lengths = options.characters else { return }
    for token in text.runs(where: { $0 != .space }) {
      // The padding stands before and behind the token's characters.
      for first in token.lowerBound - 1...token.upperBound {
        var hash = NGramHash()
        for last in first..<min(first + lengths.upperBound, token.upperBound + 1) {
          if token.contains(last) { hash.add(text, text.range(of: last)) } else { hash.addSpace() }
          if last - first + 1 >= lengths.lowerBound { add(hash.place(.characters, bits: options.hashBits)) }
        }
      }
    }
  }

  private mutating func add(_ place: Int32) {
    let mask = table.count - 1
    var slot = Self.slot(place, mask)
    while table[slot] != 0 {
      let index = Int(table[slot]) - 1
      if places[index] == place {
        counts[index] += 1
        return
      }
      slot = (slot + 1) & mask
    }
    places.append(place)
    counts.append(1)
    table[slot] = Int32(truncatingIfNeeded: places.count)
    if 2 * places.count > table.count { grow() }
  }

  private mutating func grow() {
    table = Array(repeating: 0, count: 2 * table.count)
    let mask = table.count - 1
    for (index, place) in places.enumerated() {
      var slot = Self.slot(place, mask)
      while table[slot] != 0 { slot = (slot + 1) & mask }
      table[slot] = Int32(truncatingIfNeeded: index + 1)
    }
  }

  private static func slot(_ place: Int32, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(truncatingIfNeeded: place) &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
  }
}
