import FileFormats
import NumericKernels
import Routing
import RoutingData

/// A linear map from query embeddings to query factors, with an intercept for each benchmark.
///
/// It scores queries never seen in training; what it can't explain is kept as a covariance, so that
/// predictions can allow for it.
public struct EmbeddingMap: Equatable, QueryEncoder {
  /// The word for it in model folders.
  public static let kind = "linear-map"

  /// The benchmarks with an intercept.
  public let benchmarks: [String]
  /// d rows for the embedding and one row for each benchmark, (d + B) × p.
  public let weights: Matrix
  /// The covariance of the factors that the map leaves unexplained, p × p; nil where none is allowed for.
  public let residualCovariance: Matrix?
  /// The rows of the embedding.
  private let slopes: ProductPanels

  /// A map from its parts.
  public init(benchmarks: [String], weights: Matrix, residualCovariance: Matrix?) {
    precondition(
      weights.rows >= benchmarks.count, "weights \(weights.shapeText) for \(benchmarks.count) benchmarks")
    if let residualCovariance {
      precondition(
        residualCovariance.rows == weights.columns && residualCovariance.columns == weights.columns,
        "covariance \(residualCovariance.shapeText) for \(weights.columns) factors")
    }
    self.benchmarks = benchmarks
    self.weights = weights
    self.residualCovariance = residualCovariance
    slopes = ProductPanels(weights.selecting(rows: Array(0..<weights.rows - benchmarks.count)))
  }

  /// Whether two maps are of equal parts.
  public static func == (first: Self, second: Self) -> Bool {
    first.benchmarks == second.benchmarks && first.weights == second.weights
      && first.residualCovariance == second.residualCovariance
  }

  /// The length of an embedding, d.
  public var dimensions: Int { weights.rows - benchmarks.count }

  /// The factors of new queries, n × p; a benchmark without an intercept, or none, gets the mean of all.
  ///
  /// The embeddings must be n × d and finite.
  public func factors(of embeddings: Matrix, benchmark: String?) -> Matrix {
    let known =
      benchmark.flatMap { name in benchmarks.firstIndex { Name($0) == Name(name) } }.map { [$0] }
      ?? Array(benchmarks.indices)
    var intercept = [Float](repeating: 0, count: weights.columns)
    for index in known {
      for column in intercept.indices {
        intercept[column] += weights[dimensions + index, column] / Float(known.count)
      }
    }
    var result = slopes.multiplied(by: embeddings)
    for row in 0..<result.rows {
      for column in intercept.indices { result[row, column] += intercept[column] }
    }
    return result
  }

  /// The number of columns, p.
  public var width: Int { weights.columns }

  /// As `factors(of:benchmark:)`.
  public func vectors(of batch: QueryBatch) -> Matrix {
    factors(of: batch.embeddings, benchmark: batch.benchmark)
  }

  /// Weights, covariance and the names of the benchmarks.
  public var tensors: TensorBundle {
    var bundle = TensorBundle(
      matrices: ["weights": weights], numbers: ["has_covariance": [residualCovariance == nil ? 0 : 1]],
      texts: ["benchmarks": benchmarks])
    bundle.matrices["residual_covariance"] = residualCovariance
    return bundle
  }

  /// A map from its tensors.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  public init(tensors: TensorBundle) throws(DataError) {
    let weights = try tensors.matrix("weights")
    let benchmarks = try tensors.texts("benchmarks")
    guard weights.rows > benchmarks.count else {
      throw DataError(
        "array 'weights' is \(weights.shapeText), too few rows for \(benchmarks.count) benchmarks")
    }
    var covariance: Matrix?
    if try tensors.number("has_covariance") == 1 {
      covariance = try tensors.matrix("residual_covariance", rows: weights.columns, columns: weights.columns)
    }
    self.init(benchmarks: benchmarks, weights: weights, residualCovariance: covariance)
  }
}
