import Foundation
import NumericKernels
import RoutingData

/// Numbers of a text, without a network: fitted once on the train queries, the same bits for the same text ever after.
///
/// N-grams of words and characters are hashed (`NGramHash`), weighted (`TermWeights`) and multiplied with the leading right
/// singular vectors of the train queries' weights (latent semantic analysis: Deerwester et al. 1990). Beside them
/// stand the hand features (`HandFeature.all`), moved and scaled so that each varies over the train queries as much as
/// the mean column of the others.
///
/// It is a value of its own: no model is needed to make features, and any may take them.
public struct TextFeaturizer: Equatable, Sendable {
  /// What it was made of.
  public let options: TextFeatureOptions
  /// The part of the n-grams; nil for none.
  let terms: Terms?
  /// The part of the hand features; nil for none.
  let hand: Hand?

  /// Weights of n-grams, and what reduces them.
  struct Terms: Equatable {
    let weights: TermWeights
    /// Right singular vectors, n-grams × d.
    let projection: Matrix
  }

  /// What is taken from each hand feature, and what the rest is multiplied with.
  struct Hand: Equatable {
    let centre: [Float]
    let scale: [Float]
  }

  init(options: TextFeatureOptions, terms: Terms?, hand: Hand?) {
    self.options = options
    self.terms = terms
    self.hand = hand
  }

  /// The length of an embedding.
  public var dimensions: Int { termDimensions + (hand?.centre.count ?? 0) }

  /// How many of them come of n-grams.
  public var termDimensions: Int { terms?.projection.columns ?? 0 }

  /// Whether these are fewer than were asked for, because the train queries or their n-grams are.
  public var isShort: Bool { terms != nil && termDimensions < options.dimensions }

  private static let blockTexts = 32
  private static let powerIterations = 4

  /// Learns weights, singular vectors and moments from the texts of train queries.
  ///
  /// Cost: a pass over the texts, and 3 + 2·4 products of their weights with `dimensions` + 8 columns; memory of the
  /// n-grams of all texts twice, and of n-grams × dimensions numbers a few times. The dimensions are fewer than asked for
  /// where the texts or n-grams are.
  /// - Throws: `DataError` for options that can't be, no text, or no n-gram that occurs often enough.
  public init(
    fitting texts: [[UInt8]], options: TextFeatureOptions, seed: UInt64
  ) throws {
    try options.check()
    guard !texts.isEmpty else { throw DataError("there is no train query to learn text features from") }
    self.options = options
    var deviation = 1.0
    if options.hasNGrams {
      let counts = Self.map(texts) { NGramCounts(PromptText($0), options: options) }
      let weights = try TermWeights(counts, options: options)
      let rows = SparseRows(columns: weights.places.count, rows: counts.map(weights.row))
      let decomposition = try RandomizedSVD(
        of: SparseOperator(rows), rank: options.dimensions, seed: seed, powerIterations: Self.powerIterations,
        stream: "text-features")
      let moments = Self.moments(of: decomposition.left[0])
      let variances = zip(moments, decomposition.values).map { $0.variance * Double($1) * Double($1) }
      deviation = (variances.reduce(0, +) / Double(max(variances.count, 1))).squareRoot()
      terms = Terms(weights: weights, projection: decomposition.right)
    } else {
      terms = nil
    }
    if options.hasHand {
      let values = Matrix(Self.map(texts) { HandFeature.values(of: $0, PromptText($0)).map { Float($0) } })
      let moments = Self.moments(of: values)
      hand = Hand(
        centre: moments.map { Float($0.mean) },
        scale: moments.map { $0.variance > 1e-12 ? Float(deviation / $0.variance.squareRoot()) : 0 })
    } else {
      hand = nil
    }
  }

  /// The embeddings of texts, n × `dimensions`.
  ///
  /// A text is any bytes: see `PromptText`. Cost: a pass over each text, and 2d operations for each different n-gram.
  public func embeddings(of texts: [[UInt8]]) -> Matrix {
    var result = Matrix(rows: texts.count, columns: 0)
    if let terms {
      let rows = Self.map(texts) { terms.weights.row(NGramCounts(PromptText($0), options: options)) }
      result = SparseRows(columns: terms.weights.places.count, rows: rows).times(terms.projection)
    }
    guard let hand, !texts.isEmpty else { return result }
    let values = Matrix(
      Self.map(texts) { text in
        zip(HandFeature.values(of: text, PromptText(text)), zip(hand.centre, hand.scale)).map {
          (Float($0) - $1.0) * $1.1
        }
      })
    return terms == nil ? values : result.appending(columns: values)
  }

  /// The embeddings of texts, by their UTF-8 bytes.
  public func embeddings(of texts: [String]) -> Matrix { embeddings(of: texts.map { Array($0.utf8) }) }

  /// The results of a body for each text, in order, some texts to a block.
  private static func map<Result: Sendable>(
    _ texts: [[UInt8]], _ body: @Sendable ([UInt8]) -> Result
  ) -> [Result] {
    let blocks = Parallel.blocks(of: texts.count, size: blockTexts)
    return Parallel.map(blocks.count) { index in blocks[index].map { body(texts[$0]) } }.flatMap { $0 }
  }

  private static func moments(of values: Matrix) -> [(mean: Double, variance: Double)] {
    (0..<values.columns).map { column in
      let list = values.column(column).map { Double($0) }
      let mean = list.reduce(0, +) / Double(list.count)
      return (mean, list.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(list.count))
    }
  }
}
