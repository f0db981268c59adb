import FileFormats
import Learning
import NumericKernels
import Routing
import RoutingData

/// How alike two LLMs are, by a model of factors.
public enum LLMSimilarity: String, CaseIterable, Sendable {
  /// The share of queries on which the model expects both to be right or both wrong: the mean of p·q + (1 − p)(1 − q).
  case agreement
  /// The correlation of the predicted responses over queries, which leaves out how good the LLMs are.
  case correlation
  /// The cosine of their factors, which leaves out their biases and how much queries use each factor.
  case cosine

  /// One of an LLM's neighbours.
  public struct Neighbour: Equatable, Sendable {
    /// The place of the neighbour among the model's LLMs.
    public let llm: Int
    /// How alike both are.
    public let similarity: Double

    /// A neighbour.
    public init(llm: Int, similarity: Double) { (self.llm, self.similarity) = (llm, similarity) }
  }

  /// More queries than this are thinned out evenly: they change no similarity by more than 0.01.
  static let mostQueries = 4096

  /// The nearest other LLMs of each LLM of a model, the nearest first; equal ones in the order of the model.
  ///
  /// - Parameter queries: vectors of queries to predict responses to, benchmark by benchmark; for `cosine` not looked at.
  /// - Throws: `DataError` where there is no query.
  /// - Complexity: a product of LLMs × queries with its transpose, of which the largest are kept.
  public func neighbours(
    _ count: Int, of model: FactorModel, queries: [QueryVectors]
  ) throws(DataError) -> [[Neighbour]] {
    let (left, right, offsets) = try vectors(of: model, queries)
    let found = LargestProducts.rows(of: left, in: right, count: count + 1)
    return found.enumerated().map { llm, places in
      places.filter { $0 != llm }.prefix(count).map { other in
        var dot = offsets.map { $0[llm] } ?? 0
        for (x, y) in zip(left.row(llm), right.row(other)) { dot += Double(x) * Double(y) }
        return Neighbour(llm: other, similarity: min(max(dot, -1), 1))
      }
    }
  }

  /// Two vectors for each LLM, so that the similarity of j and k is left(j)·right(k) and j's offset.
  private func vectors(
    of model: FactorModel, _ queries: [QueryVectors]
  ) throws(DataError) -> (left: Matrix, right: Matrix, offsets: [Double]?) {
    guard self != .cosine else {
      let rows = model.llmFactors.withRowsOfLengthOne
      return (rows, rows, nil)
    }
    let predicted = try model.predictions(for: queries, most: Self.mostQueries)
    let means = (0..<predicted.rows).map { llm in
      predicted.row(llm).reduce(0) { $0 + Double($1) } / Double(predicted.columns)
    }
    if self == .correlation {
      var centred = predicted
      for llm in 0..<centred.rows {
        for query in 0..<centred.columns { centred[llm, query] -= Float(means[llm]) }
      }
      let rows = centred.withRowsOfLengthOne
      return (rows, rows, nil)
    }
    // The mean of pq + (1 − p)(1 − q) is 2·mean(pq) − mean(q) + 1 − mean(p).
    let n = Float(predicted.columns)
    let left = predicted.scaled(by: 2 / n)
      .appending(columns: Matrix(rows: predicted.rows, columns: 1, repeating: 1))
    let right = predicted.appending(
      columns: Matrix(rows: predicted.rows, columns: 1, storage: means.map { -Float($0) }))
    return (left, right, means.map { 1 - $0 })
  }
}

extension FactorModel {
  /// The vectors of the queries that the model was trained on; empty where it has none.
  public var trainVectors: [QueryVectors] {
    queries.map { QueryVectors(benchmark: $0.benchmark, factors: $0.factors, biases: $0.biases) }
  }

  /// The probabilities of good answers, LLMs × queries, of at most so many queries, evenly spread.
  fileprivate func predictions(for queries: [QueryVectors], most: Int) throws(DataError) -> Matrix {
    let total = queries.reduce(0) { $0 + $1.biases.count }
    guard total > 0 else {
      throw DataError(
        "a model of \(name) has no vectors of queries to compare LLMs by: give the dataset with --data, or --similarity cosine"
      )
    }
    let step = (total + most - 1) / most
    var parts: [Matrix] = []
    for part in queries {
      let places = Array(stride(from: 0, to: part.biases.count, by: step))
      var logOdds = BLAS.multiply(llmFactors, .asStored, part.factors.selecting(rows: places), .transposed)
      logOdds.addToRows(places.map { part.biases[$0] })
      let own = benchmarkBiases[part.benchmark]
      for llm in 0..<logOdds.rows {
        let bias = llmBiases[llm] + (own?[llm] ?? 0)
        for query in 0..<logOdds.columns { logOdds[llm, query] += bias }
      }
      parts.append(
        Elementwise.sigmoid(logOdds.scaled(by: calibration.slope, plus: calibration.intercept)))
    }
    return parts.dropFirst().reduce(parts[0]) { $0.appending(columns: $1) }
  }
}

extension Matrix {
  /// The rows divided by their lengths; rows of zeros stay.
  package var withRowsOfLengthOne: Matrix {
    var result = self
    for row in 0..<rows {
      let length = self.row(row).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      guard length > 0 else { continue }
      for column in 0..<columns { result[row, column] = Float(Double(self[row, column]) / length) }
    }
    return result
  }
}
