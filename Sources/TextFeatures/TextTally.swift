import Foundation

/// What hand features count in a text, in a few passes over its bytes.
struct TextTally {
  /// Occurrences of each ASCII byte of the text as it is.
  private(set) var ascii = [Int](repeating: 0, count: 128)
  /// Bytes, characters, and characters beyond ASCII, of which those that are no UTF-8.
  private(set) var (bytes, characters, beyondASCII, broken) = (0, 0, 0, 0)
  /// Words: runs of letters, digits and `_`; how many differ, and how many characters they have together.
  private(set) var (words, distinctWords, wordCharacters) = (0, 0, 0)
  /// Words of at least two letters, all ASCII capitals.
  private(set) var capitalWords = 0
  /// Words of each list, in the order of `WordList`.
  private(set) var listed = [Int](repeating: 0, count: WordList.allCases.count)
  /// Lines that are not blank; blank ones between; those that begin with a space or a tab.
  private(set) var (lines, blankLines, indentedLines) = (0, 0, 0)
  /// The bytes of the longest line.
  private(set) var longestLine = 0
  /// Lines that begin with a letter or a number and `.` or `)`, perhaps in a bracket.
  private(set) var optionLines = 0
  /// Ends of sentences: `.`, `?` or `!` before a space or the end.
  private(set) var sentences = 0
  /// Numbers; those with a decimal point; the sum and the largest of their magnitudes log₁₀(1 + x).
  private(set) var (numbers, decimals) = (0, 0)
  private(set) var (magnitudes, largestMagnitude) = (0.0, 0.0)
  /// Backslashes before a letter; `n't`; `://`.
  private(set) var (commands, contractions, links) = (0, 0, 0)

  /// Counts in a text; `bytes` are as it is, `text` has them with small letters.
  init(_ bytes: [UInt8], _ text: PromptText) {
    self.bytes = bytes.count
    characters = text.count
    for byte in bytes where byte < 128 { ascii[Int(byte)] += 1 }
    for character in 0..<text.count {
      let range = text.range(of: character)
      guard bytes[range.lowerBound] >= 0x80 else { continue }
      beyondASCII += 1
      if range.count == 1 { broken += 1 }
    }
    countWords(bytes, text)
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    // What stands behind the last line feed is no line.
    if lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines { countLine(line) }
    countMarks(text.bytes)
    countNumbers(bytes)
  }

  /// How often some ASCII characters occur.
  func count(of marks: String) -> Int { marks.utf8.reduce(0) { $0 + ascii[Int($1)] } }

  /// How many words are of a list.
  func count(of list: WordList) -> Int { listed[list.rawValue] }

  private mutating func countWords(_ bytes: [UInt8], _ text: PromptText) {
    var seen: Set<ArraySlice<UInt8>> = []
    for run in text.runs(where: { $0 == .word }) {
      let range = text.starts[run.lowerBound]..<text.starts[run.upperBound]
      words += 1
      wordCharacters += run.count
      seen.insert(text.bytes[range])
      if run.count > 1, bytes[range].allSatisfy({ (0x41...0x5A).contains($0) }) { capitalWords += 1 }
      for list in WordList.containing(text.bytes[range]) { listed[list.rawValue] += 1 }
    }
    distinctWords = seen.count
  }

  private mutating func countLine(_ line: ArraySlice<UInt8>) {
    longestLine = max(longestLine, line.count)
    guard let first = line.first(where: { !Self.isSpace($0) }) else {
      blankLines += 1
      return
    }
    lines += 1
    if line.first != first { indentedLines += 1 }
    var head = line.drop { Self.isSpace($0) }
    if head.first == 0x28 { head = head.dropFirst() }
    let label = head.prefix(while: Self.isLetterOrDigit)
    let end = head.dropFirst(label.count).first
    if (1...2).contains(label.count), end == 0x2E || end == 0x29 { optionLines += 1 }
  }

  private mutating func countMarks(_ bytes: [UInt8]) {
    for (place, byte) in bytes.enumerated() {
      let next = place + 1 < bytes.count ? bytes[place + 1] : 0x20
      switch byte {
      case 0x2E, 0x3F, 0x21: if Self.isSpace(next) { sentences += 1 }
      case 0x5C: if Self.isLetterOrDigit(next), !Self.isDigit(next) { commands += 1 }
      case 0x27: if next == 0x74, place > 0, bytes[place - 1] == 0x6E { contractions += 1 }
      case 0x3A: if next == 0x2F, place + 2 < bytes.count, bytes[place + 2] == 0x2F { links += 1 }
      default: break
      }
    }
  }

  private mutating func countNumbers(_ bytes: [UInt8]) {
    var place = 0
    while place < bytes.count {
      guard Self.isDigit(bytes[place]) else {
        place += 1
        continue
      }
      // A number of any length stays finite: what is beyond 10¹⁵ counts as that.
      var value = 0.0
      while place < bytes.count, Self.isDigit(bytes[place]) {
        value = min(10 * value + Double(bytes[place] - 0x30), 1e15)
        place += 1
      }
      numbers += 1
      if place + 1 < bytes.count, bytes[place] == 0x2E, Self.isDigit(bytes[place + 1]) {
        decimals += 1
        place += 1
        while place < bytes.count, Self.isDigit(bytes[place]) { place += 1 }
      }
      magnitudes += log10(1 + value)
      largestMagnitude = max(largestMagnitude, log10(1 + value))
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
