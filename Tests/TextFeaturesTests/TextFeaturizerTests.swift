import FileFormats
import NumericKernels
import RoutingData
import Testing

@testable import TextFeatures

@Suite(.serialized) struct TextFeaturizerTests {
  private static let vocabulary = [
    "integral", "derive", "what", "is", "the", "mass", "of", "cat", "python", "def", "return", "42", "3.5",
    "why", "not",
  ]

  static func texts(_ count: Int, seed: UInt64 = 1) -> [[UInt8]] {
    (0..<count).map { index in
      var generator = SeededGenerator(seed: seed, stream: "prompts", index)
      let words = (0..<5 + generator.below(20)).map { _ in vocabulary[generator.below(vocabulary.count)] }
      return Array(words.joined(separator: " ").utf8)
    }
  }

  private static let options = TextFeatureOptions(dimensions: 8, hashBits: 14, leastQueries: 2)

  private static func fitted(_ kinds: TextFeatureOptions.Kinds = .both) throws -> TextFeaturizer {
    var options = Self.options
    options.kinds = kinds
    return try TextFeaturizer(fitting: texts(60), options: options, seed: 3)
  }

  /// The embeddings of the train queries are the leading left singular vectors times their values.
  @Test func nGramsAreReducedByTheLeadingSingularVectors() throws {
    let texts = Self.texts(60)
    let featurizer = try Self.fitted(.tfidf)
    let counts = texts.map { NGramCounts(PromptText($0), options: Self.options) }
    let weights = try TermWeights(counts, options: Self.options)
    var dense = Matrix(rows: texts.count, columns: weights.places.count)
    for (row, text) in counts.enumerated() {
      let (places, values) = weights.row(text)
      for (place, value) in zip(places, values) { dense[row, Int(place)] = value }
    }
    let exact = try SingularValueDecomposition(dense)
    let found = featurizer.embeddings(of: texts)
    #expect(found.columns == 8)
    for column in 0..<3 {
      let values = found.column(column)
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(length - exact.values[column]) < 2e-3 * exact.values[0])
      let cosine = zip(values, exact.left.column(column)).reduce(0) { $0 + $1.0 * $1.1 } / length
      #expect(abs(abs(cosine) - 1) < 1e-2)
    }
  }

  @Test func threadsAndCompanyChangeNoBit() throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    Threads.count = 1
    let one = try Self.fitted()
    let texts = Self.texts(150, seed: 2)
    let together = one.embeddings(of: texts)
    Threads.count = 3
    #expect(try Self.fitted() == one)
    #expect(one.embeddings(of: texts) == together)
    for row in [0, 77, 149] { #expect(one.embeddings(of: [texts[row]]) == together.selecting(rows: [row])) }
  }

  @Test func theSeedDecidesTheBits() throws {
    let other = try TextFeaturizer(fitting: Self.texts(60), options: Self.options, seed: 4)
    #expect(try other.file() != Self.fitted().file())
    #expect(try Self.fitted().file() == Self.fitted().file())
  }

  /// Each hand feature varies over the train queries as much as the mean column of the n-grams.
  @Test func handFeaturesWeighAsMuchAsTheOthers() throws {
    let embeddings = try Self.fitted().embeddings(of: Self.texts(60)).centred
    let variances = Matrix.columnDots(embeddings, embeddings).map { $0 / 60 }
    let mean = variances[..<8].reduce(0, +) / 8
    let varying = variances[8...].filter { $0 > 0 }
    #expect(varying.count > 5)
    #expect(varying.filter { abs($0 / mean - 1) > 1e-3 }.isEmpty)
    #expect(try Self.fitted(.hand).dimensions == HandFeature.all.count)
  }

  @Test func anyBytesAreAText() throws {
    let featurizer = try Self.fitted()
    let long = [UInt8](repeating: 0, count: 1 << 20).indices.map {
      UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7)
    }
    let found = featurizer.embeddings(of: [[], [0xFF, 0xC0, 0x00], long, Array("🙂".utf8)])
    #expect(found.rows == 4 && found.columns == featurizer.dimensions && found.isFinite)
    #expect(featurizer.embeddings(of: [String]()).rows == 0)
    // An empty text has no n-gram.
    #expect(found.row(0).prefix(8).filter { $0 != 0 }.isEmpty)
  }

  @Test func nothingToLearnFromIsRefused() {
    #expect(throws: DataError.self) {
      try TextFeaturizer(fitting: [], options: Self.options, seed: 0)
    }
    #expect(throws: DataError.self) {
      try TextFeaturizer(fitting: [[], [0x20]], options: Self.options, seed: 0)
    }
    var options = Self.options
    (options.words, options.characters) = (nil, nil)
    #expect(throws: DataError.self) { try TextFeaturizer(fitting: Self.texts(9), options: options, seed: 0) }
  }

  @Test func fewTextsGiveFewerDimensions() throws {
    let featurizer = try TextFeaturizer(fitting: Self.texts(5), options: Self.options, seed: 0)
    #expect(featurizer.isShort && featurizer.termDimensions <= 5)
    #expect(featurizer.embeddings(of: Self.texts(3)).isFinite)
  }

  @Test(arguments: TextFeatureOptions.Kinds.allCases)
  func whatIsStoredMakesTheSameBits(_ kinds: TextFeatureOptions.Kinds) throws {
    let featurizer = try Self.fitted(kinds)
    let again = try TextFeaturizer(featurizer.file())
    #expect(again == featurizer)
    #expect(again.embeddings(of: Self.texts(9)) == featurizer.embeddings(of: Self.texts(9)))
    #expect(try again.file() == featurizer.file())
  }

  @Test func damagedFilesAreRefused() throws {
    let bytes = try Self.fitted().file().bytes.array
    func refuses(_ change: (inout [UInt8]) -> Void) throws -> Bool {
      var own = bytes
      change(&own)
      let file = try FeaturizerFile(ByteRegion(own))
      do { _ = try TextFeaturizer(file) } catch { return true }
      return false
    }
    func replacing(_ old: String, _ new: String) throws -> Bool {
      precondition(old.utf8.count == new.utf8.count)
      return try refuses { own in
        let place = own.indices.first { Array(own[$0...].prefix(old.utf8.count)) == Array(old.utf8) }
        if let place { own.replaceSubrange(place..<place + old.utf8.count, with: Array(new.utf8)) }
      }
    }
    #expect(try replacing(#"version\":1"#, #"version\":2"#))
    #expect(try replacing(#"hashBits\":14"#, #"hashBits\":08"#))
    #expect(try replacing(#"hashBits\":14"#, #"hashBits\":99"#))
    #expect(try replacing(#"dimensions\":8"#, #"dimensions\":7"#))
    #expect(try replacing("routerec_text", "routerec_test"))
    #expect(try replacing("word-length", "word_length"))
    #expect(try replacing("\"weights\"", "\"weighty\""))
    #expect(try refuses { $0.removeLast(4) })
    // The last four bytes are a number of the tensors: not finite.
    #expect(try refuses { $0.replaceSubrange($0.count - 4..<$0.count, with: [0, 0, 0xC0, 0x7F]) })
    #expect(try !refuses { _ in })
  }
}
