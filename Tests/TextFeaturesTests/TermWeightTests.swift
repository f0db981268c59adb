import NumericKernels
import RoutingData
import Testing

@testable import TextFeatures

@Suite struct TermWeightTests {
  private static let texts = [
    "the cat sat on the mat the end", "the dog sat", "a cat and a dog", "cats: 12 dogs, 12 cats",
  ]
  private static let fresh = "The CAT's mat, xyz the"

  private static func options(_ words: ClosedRange<Int>?, _ characters: ClosedRange<Int>?)
    -> TextFeatureOptions
  {
    TextFeatureOptions(words: words, characters: characters, hashBits: 24, leastQueries: 1)
  }

  private static func counts(_ text: String, _ options: TextFeatureOptions) -> NGramCounts {
    NGramCounts(PromptText(Array(text.utf8)), options: options)
  }

  private static func rows(_ options: TextFeatureOptions, of texts: [String]) throws -> [[Float]] {
    let weights = try TermWeights(Self.texts.map { counts($0, options) }, options: options)
    return texts.map { weights.row(counts($0, options)).values.sorted() }
  }

  private static func isNear(_ found: [Float], _ expected: [Float]) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 2e-6 }
  }

  /// Made by scikit-learn 1.9's TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), non-zero elements ascending.
  @Test func wordsWeighWhatScikitLearnSays() throws {
    let rows = try Self.rows(Self.options(1...2, nil), of: Self.texts + [Self.fresh])
    let expected: [[Float]] = [
      [Float](repeating: 0.210857, count: 2) + [Float](repeating: 0.267445, count: 10) + [0.442506],
      [0.401043, 0.401043, 0.401043, 0.508672, 0.508672],
      [0.382743, 0.382743, 0.485461, 0.485461, 0.485461],
      [0.305232, 0.305232, 0.305232, 0.305232, 0.305232, 0.516802, 0.516802],
      [0.375709, 0.47654, 0.47654, 0.636131],
    ]
    for (row, own) in zip(rows, expected) { #expect(Self.isNear(row, own), "\(row)") }
  }

  /// The same with analyzer="char_wb", ngram_range=(2, 4): how many, the largest, the smallest, the sum.
  @Test func charactersWeighWhatScikitLearnSays() throws {
    let rows = try Self.rows(Self.options(nil, 2...4), of: Self.texts)
    let expected: [(Int, Float, Float, Float)] = [
      (45, 0.221737, 0.08554, 6.39798), (27, 0.205492, 0.136013, 5.16578), (29, 0.419241, 0.104249, 4.95898),
      (39, 0.232867, 0.087787, 5.96286),
    ]
    for (row, own) in zip(rows, expected) {
      #expect(row.count == own.0)
      #expect(Self.isNear([row.last ?? 0, row.first ?? 0], [own.1, own.2]))
      #expect(abs(row.reduce(0, +) - own.3) < 1e-4)
    }
  }

  /// Either family has the length 1, whatever the other one has.
  @Test func familiesAreNormalizedApart() throws {
    let both = try Self.rows(Self.options(1...2, 2...4), of: Self.texts)
    let words = try Self.rows(Self.options(1...2, nil), of: Self.texts)
    let characters = try Self.rows(Self.options(nil, 2...4), of: Self.texts)
    for (row, parts) in zip(both, zip(words, characters)) { #expect(row == (parts.0 + parts.1).sorted()) }
  }

  @Test func rareNGramsAreLeftOut() throws {
    var options = Self.options(1...1, nil)
    options.leastQueries = 2
    // the, cat, sat and dog.
    let weights = try TermWeights(Self.texts.map { Self.counts($0, options) }, options: options)
    #expect(weights.places.count == 4)
    #expect(weights.row(Self.counts("mat end", options)).values.isEmpty)
    options.leastQueries = 4
    #expect(throws: DataError.self) {
      try TermWeights(Self.texts.map { Self.counts($0, options) }, options: options)
    }
  }
}
