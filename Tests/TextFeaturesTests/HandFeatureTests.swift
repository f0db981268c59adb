import Testing

@testable import TextFeatures

@Suite struct HandFeatureTests {
  private static func value(_ name: String, of text: String) -> Double {
    let bytes = Array(text.utf8)
    let values = HandFeature.values(of: bytes, PromptText(bytes))
    return HandFeature.all.firstIndex { $0.name == name }.map { values[$0] } ?? .nan
  }

  @Test func namesDiffer() {
    #expect(Set(HandFeature.all.map(\.name)).count == HandFeature.all.count)
    #expect(HandFeature.all.count >= 40)
  }

  @Test func anEmptyTextHasZeroEverywhere() {
    #expect(HandFeature.values(of: [], PromptText([])).allSatisfy { $0 == 0 })
  }

  private static let samples: [(name: String, text: String, value: Double)] = [
    ("numbers", "1 2 3", 1.3863), ("decimals", "3.14 and 2.", 0.6931), ("largest-number", "x 999 y 12", 3),
    ("magnitude", "9 and 99", 1.5), ("latex", #"\frac{1}{2} \n"#, 1.0986),
    ("options", "A. x\nB) y\n(3) z\nnone", 1.3863),
    ("question-marks", "Why? How?", 1.0986), ("negations", "I don't know, not now", 1.0986),
    ("capital-words", "NOT a Test OF it", 0.4), ("which", "What? WHICH", 1.0986), ("beyond-ascii", "aé", 0.5),
    ("links", "see https://x.org", 0.6931), ("blank-lines", "a\n\n\nb\n", 1.0986),
    ("blank-lines", "a\n\nb", 0.6931),
    ("blank-lines", "a\nb\n", 0), ("indented", " a\nb", 0.5),
    ("sentence-length", "One two. Three four.", 2), ("distinct-words", "a A b", 2.0 / 3),
    ("operators", "1+1=", 0.5),
    ("word-length", "ab abcd", 3), ("code", "def f(): return 1", 1.0986),
    ("longest-line", "ab\nabcd", 1.6094),
  ]

  @Test func saysWhatItsNameSays() {
    for (name, text, value) in Self.samples {
      let found = Self.value(name, of: text)
      #expect(abs(found - value) < 1e-4, "\(name) of '\(text)': \(found)")
    }
  }

  @Test func bytesOfNoUTF8AreCounted() {
    let bytes: [UInt8] = [0x61, 0xFF]
    let values = HandFeature.values(of: bytes, PromptText(bytes))
    #expect(values[HandFeature.all.firstIndex { $0.name == "broken" } ?? 0] == 0.5)
  }

  /// A number of any length and a text of any bytes give finite features.
  @Test func valuesAreFinite() {
    for text in [String(repeating: "9", count: 5_000), String(repeating: "\n", count: 100), "....", "\u{0}"] {
      let bytes = Array(text.utf8)
      #expect(HandFeature.values(of: bytes, PromptText(bytes)).filter { !$0.isFinite }.isEmpty)
    }
    let bytes = (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 167) }
    #expect(HandFeature.values(of: bytes, PromptText(bytes)).filter { !$0.isFinite }.isEmpty)
  }
}
