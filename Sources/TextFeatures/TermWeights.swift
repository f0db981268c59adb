import Foundation
import NumericKernels
import RoutingData

/// What n-grams weigh: TF-IDF, learned from train queries, as scikit-learn's `TfidfVectorizer` has it.
///
/// An n-gram that occurs t times in a text weighs (1 + ln t) · idf, with idf = 1 + ln((1 + n) / (1 + f)) where f of n train
/// queries have it. N-grams of words, and those of characters, then get the length 1 each.
struct TermWeights: Equatable {
  /// The places of the n-grams that count, ascending.
  let places: [Int32]
  /// The weight of each, idf.
  let weights: [Float]
  /// The column of each place, -1 for none; 2ᵇ of them.
  private let columns: [Int32]
  /// How many of the columns are n-grams of words, which come first.
  private let wordColumns: Int

  /// Learns weights from the n-grams of each train query.
  ///
  /// - Throws: `DataError` where no n-gram occurs in as many queries as are asked for.
  init(_ texts: [NGramCounts], options: TextFeatureOptions) throws(DataError) {
    var frequencies = [Int](repeating: 0, count: 1 << options.hashBits)
    for text in texts { for place in text.places { frequencies[Int(place)] += 1 } }
    let places = frequencies.indices.filter { frequencies[$0] >= options.leastQueries }
    guard !places.isEmpty else {
      throw DataError(
        "no n-gram occurs in \(options.leastQueries) of the \(texts.count) train queries: lower --min-queries, or "
          + "take --features hand")
    }
    let count = Double(texts.count)
    self.init(
      places: places.map { Int32(truncatingIfNeeded: $0) },
      weights: places.map { Float(1 + log((1 + count) / (1 + Double(frequencies[$0])))) },
      hashBits: options.hashBits)
  }

  /// Weights that were learned; the places ascend below 2ᵇ.
  init(places: [Int32], weights: [Float], hashBits: Int) {
    var columns = [Int32](repeating: -1, count: 1 << hashBits)
    for (column, place) in places.enumerated() { columns[Int(place)] = Int32(truncatingIfNeeded: column) }
    self.places = places
    self.weights = weights
    self.columns = columns
    let half = 1 << (hashBits - 1)
    wordColumns = places.prefix { Int($0) < half }.count
  }

  /// The weighted n-grams of a text, by their columns.
  func row(_ text: NGramCounts) -> (places: [Int32], values: [Float]) {
    var places: [Int32] = []
    var values: [Float] = []
    places.reserveCapacity(text.places.count)
    values.reserveCapacity(text.places.count)
    var squares = (words: 0.0, characters: 0.0)
    for (place, count) in zip(text.places, text.counts) {
      let column = columns[Int(place)]
      guard column >= 0 else { continue }
      let value = (count == 1 ? 1 : 1 + Float(log(Double(count)))) * weights[Int(column)]
      places.append(column)
      values.append(value)
      let square = Double(value) * Double(value)
      if Int(column) < wordColumns { squares.words += square } else { squares.characters += square }
    }
    let scales = (words: Self.inverse(squares.words), characters: Self.inverse(squares.characters))
    for index in values.indices {
      values[index] *= Int(places[index]) < wordColumns ? scales.words : scales.characters
    }
    return (places, values)
  }

  private static func inverse(_ square: Double) -> Float {
    square > 0 ? Float(1 / square.squareRoot()) : 0
  }
}
