import LinearAlgebra
import RoutingData

/// A linear map from query embeddings to query factors, with an intercept for each benchmark.
///
/// It scores queries never seen in training; what it can't explain is kept as a covariance, so that
/// predictions can allow for it.
public struct EmbeddingMap: Equatable, Sendable {
  /// The benchmarks with an intercept.
  public let benchmarks: [String]
  /// d rows for the embedding and one row for each benchmark, (d + B) × p.
  public let weights: Matrix
  /// The covariance of the factors that the map leaves unexplained, p × p.
  public let residualCovariance: Matrix

  /// A map from its parts.
  public init(benchmarks: [String], weights: Matrix, residualCovariance: Matrix) {
    precondition(
      weights.rows >= benchmarks.count, "weights \(weights.shapeText) for \(benchmarks.count) benchmarks")
    precondition(
      residualCovariance.rows == weights.columns && residualCovariance.columns == weights.columns,
      "covariance \(residualCovariance.shapeText) for \(weights.columns) factors")
    self.benchmarks = benchmarks
    self.weights = weights
    self.residualCovariance = residualCovariance
  }

  /// The length of an embedding, d.
  public var dimensions: Int { weights.rows - benchmarks.count }

  /// The factors of new queries, n × p; a benchmark without an intercept gets the mean of all.
  ///
  /// - Throws: `DataError` for embeddings of another length or not finite.
  public func factors(of embeddings: Matrix, benchmark: String) throws(DataError) -> Matrix {
    guard embeddings.columns == dimensions else {
      throw DataError(
        "embeddings of \(embeddings.columns) dimensions for a model trained on \(dimensions) dimensions")
    }
    guard embeddings.isFinite else { throw DataError("a query embedding holds a value that is not finite") }
    let known = benchmarks.firstIndex(of: benchmark).map { [$0] } ?? Array(benchmarks.indices)
    var intercept = [Float](repeating: 0, count: weights.columns)
    for index in known {
      for column in intercept.indices {
        intercept[column] += weights[dimensions + index, column] / Float(known.count)
      }
    }
    var result = BLAS.multiply(embeddings, weights.selecting(rows: Array(0..<dimensions)))
    for row in 0..<result.rows {
      for column in intercept.indices { result[row, column] += intercept[column] }
    }
    return result
  }
}

/// Ridge regression of query factors on query embeddings; one Gram matrix serves every ridge.
struct EmbeddingRegression {
  private let benchmarks: [String]
  private let embeddings: [Matrix]
  private let factors: [Matrix]
  private let gram: Matrix
  private let cross: Matrix

  /// Prepares the regression; `embeddings` n × d and `factors` n × p, one pair for each benchmark.
  init(benchmarks: [String], embeddings: [Matrix], factors: [Matrix]) {
    self.benchmarks = benchmarks
    self.embeddings = embeddings
    self.factors = factors
    let dimensions = embeddings[0].columns
    let width = dimensions + benchmarks.count
    var gram = Matrix(rows: width, columns: width)
    var cross = Matrix(rows: width, columns: factors[0].columns)
    for index in benchmarks.indices {
      let block = BLAS.gram(embeddings[index])
      let product = BLAS.multiply(embeddings[index], .transposed, factors[index], .asStored)
      for row in 0..<dimensions {
        for column in 0..<dimensions { gram[row, column] += block[row, column] }
        for column in 0..<cross.columns { cross[row, column] += product[row, column] }
      }
      let ones = Matrix(rows: embeddings[index].rows, columns: 1, repeating: 1)
      let sums = BLAS.multiply(ones, .transposed, embeddings[index], .asStored)
      let totals = BLAS.multiply(ones, .transposed, factors[index], .asStored)
      for column in 0..<dimensions {
        gram[dimensions + index, column] = sums[0, column]
        gram[column, dimensions + index] = sums[0, column]
      }
      for column in 0..<cross.columns { cross[dimensions + index, column] = totals[0, column] }
      gram[dimensions + index, dimensions + index] = Float(embeddings[index].rows)
    }
    self.gram = gram
    self.cross = cross
  }

  /// The map at a ridge on the embedding's weights; intercepts stay free; cost (d + B)³ for one Cholesky factorization.
  func map(ridge: Float) throws(NumericalError) -> EmbeddingMap {
    let dimensions = embeddings[0].columns
    var penalized = gram
    for index in 0..<gram.rows { penalized[index, index] += index < dimensions ? ridge : 1e-3 }
    let cholesky = try Cholesky(penalized, remedy: "choose a larger --ridge")
    let weights = cholesky.solve(cross)
    // The trace of the hat matrix is the number of parameters that the regression really spends.
    let inverse = cholesky.solve(Matrix(identity: gram.rows))
    var spent = Double(gram.rows)
    for index in 0..<dimensions { spent -= Double(ridge * inverse[index, index]) }
    var covariance = Matrix(rows: weights.columns, columns: weights.columns)
    var count = 0
    let slopes = weights.selecting(rows: Array(0..<dimensions))
    for index in benchmarks.indices {
      var residual = factors[index]
      BLAS.add(embeddings[index], .asStored, slopes, .asStored, scale: -1, to: &residual)
      for row in 0..<residual.rows {
        for column in 0..<residual.columns { residual[row, column] -= weights[dimensions + index, column] }
      }
      covariance += BLAS.gram(residual)
      count += residual.rows
    }
    let freedom = max(Double(count) - spent, 1)
    return EmbeddingMap(
      benchmarks: benchmarks, weights: weights, residualCovariance: covariance.scaled(by: Float(1 / freedom)))
  }
}
