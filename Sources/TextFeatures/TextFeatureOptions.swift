import RoutingData

/// What text features are made of.
public struct TextFeatureOptions: Equatable, Sendable, Codable {
  /// The kinds of features.
  public enum Kinds: String, Equatable, Sendable, Codable, CaseIterable {
    /// Weighted n-grams, reduced by a truncated SVD.
    case tfidf
    /// The hand features of `HandFeature.all`.
    case hand
    /// Both, side by side.
    case both = "tfidf+hand"
  }

  /// The longest n-gram that may be asked for.
  public static let longest = 8
  /// How many bits the space of n-grams may have.
  public static let hashBitRange = 8...24
  /// How many dimensions n-grams may be reduced to.
  public static let dimensionRange = 1...4096

  /// The kinds.
  public var kinds: Kinds
  /// What n-grams are reduced to, at most.
  public var dimensions: Int
  /// The lengths of n-grams of words; nil for none.
  public var words: ClosedRange<Int>?
  /// The lengths of n-grams of characters; nil for none.
  public var characters: ClosedRange<Int>?
  /// b: n-grams are hashed to 2ᵇ places.
  public var hashBits: Int
  /// N-grams of fewer train queries are left out.
  public var leastQueries: Int

  /// Words of 1–2 and characters of 2–4 as 256 numbers, from 2¹⁸ places.
  public init(
    kinds: Kinds = .both, dimensions: Int = 256, words: ClosedRange<Int>? = 1...2,
    characters: ClosedRange<Int>? = 2...4, hashBits: Int = 18, leastQueries: Int = 5
  ) {
    self.kinds = kinds
    self.dimensions = dimensions
    self.words = words
    self.characters = characters
    self.hashBits = hashBits
    self.leastQueries = leastQueries
  }

  /// Whether there are features of n-grams.
  var hasNGrams: Bool { kinds != .hand }
  /// Whether there are hand features.
  var hasHand: Bool { kinds != .tfidf }

  /// The lengths that a text such as `1-2` or `3` says, nil for `none`.
  ///
  /// - Throws: `DataError` for another text.
  public static func lengths(_ text: String) throws(DataError) -> ClosedRange<Int>? {
    guard text != "none" else { return nil }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], 1 <= first,
      first <= last, last <= longest
    else { throw DataError("'\(text)', expected lengths such as 1-2 between 1 and \(longest), or none") }
    return first...last
  }

  /// Throws for options that can't be.
  ///
  /// - Throws: `DataError`.
  func check() throws(DataError) {
    for lengths in [words, characters].compactMap({ $0 }) {
      guard lengths.lowerBound >= 1, lengths.upperBound <= Self.longest else {
        throw DataError(
          "n-grams of \(lengths.lowerBound) to \(lengths.upperBound), expected 1 to \(Self.longest)")
      }
    }
    guard Self.hashBitRange.contains(hashBits), Self.dimensionRange.contains(dimensions), leastQueries >= 1
    else {
      throw DataError(
        "text features of \(dimensions) dimensions from 2^\(hashBits) places and n-grams of \(leastQueries) queries "
          + "can't be")
    }
    guard !hasNGrams || words != nil || characters != nil else {
      throw DataError("neither n-grams of words nor of characters: there is nothing to weigh")
    }
  }
}
