import NumericKernels

/// Ridge regression of query factors on the queries' features; one Gram matrix serves every set of factors and every ridge.
package struct EmbeddingRegression {
  private let benchmarks: [String]
  private let features: [Matrix]
  private let gram: Matrix

  /// Prepares the regression on features, n × d, one matrix for each benchmark.
  ///
  /// Cost n·d² for all.
  package init(benchmarks: [String], features: [Matrix]) {
    self.benchmarks = benchmarks
    self.features = features
    let dimensions = features[0].columns
    let width = dimensions + benchmarks.count
    var gram = Matrix(rows: width, columns: width)
    for index in benchmarks.indices {
      let block = BLAS.gram(features[index])
      let ones = Matrix(rows: features[index].rows, columns: 1, repeating: 1)
      let sum = BLAS.multiply(ones, .transposed, features[index], .asStored)
      for row in 0..<dimensions {
        for column in 0..<dimensions { gram[row, column] += block[row, column] }
        gram[dimensions + index, row] = sum[0, row]
        gram[row, dimensions + index] = sum[0, row]
      }
      gram[dimensions + index, dimensions + index] = Float(features[index].rows)
    }
    self.gram = gram
  }

  /// The normal equations at a ridge, factored; they serve any factors.
  package struct System: Sendable {
    fileprivate let cholesky: Cholesky
    /// The number of parameters that the regression really spends: the trace of its hat matrix.
    fileprivate let spent: Double
  }

  /// Factors the normal equations at a ridge on the features' weights; intercepts stay free.
  ///
  /// Cost about 2·(d + B)³.
  package func system(ridge: Float) throws(NumericalError) -> System {
    let dimensions = features[0].columns
    var penalized = gram
    for index in 0..<gram.rows { penalized[index, index] += index < dimensions ? ridge : 1e-3 }
    let cholesky = try Cholesky(penalized) { Cholesky.remedy("--ridge", ridge, adding: $1) }
    let inverse = cholesky.solve(Matrix(identity: gram.rows))
    var spent = Double(gram.rows)
    for index in 0..<dimensions { spent -= Double(ridge * inverse[index, index]) }
    return System(cholesky: cholesky, spent: spent)
  }

  /// The map to some factors, n × p for each benchmark; cost 4·n·d·p.
  package func map(to factors: [Matrix], by system: System) -> EmbeddingMap {
    let dimensions = features[0].columns
    let weights = system.cholesky.solve(cross(factors))
    var covariance = Matrix(rows: weights.columns, columns: weights.columns)
    var count = 0
    let slopes = weights.selecting(rows: Array(0..<dimensions))
    for index in benchmarks.indices {
      var residual = factors[index]
      BLAS.add(features[index], .asStored, slopes, .asStored, scale: -1, to: &residual)
      for row in 0..<residual.rows {
        for column in 0..<residual.columns { residual[row, column] -= weights[dimensions + index, column] }
      }
      covariance += BLAS.gram(residual)
      count += residual.rows
    }
    let freedom = max(Double(count) - system.spent, 1)
    return EmbeddingMap(
      benchmarks: benchmarks, weights: weights, residualCovariance: covariance.scaled(by: Float(1 / freedom)))
  }

  /// (X, 1)ᵀ·F over all benchmarks, (d + B) × p.
  private func cross(_ factors: [Matrix]) -> Matrix {
    let dimensions = features[0].columns
    var cross = Matrix(rows: gram.rows, columns: factors[0].columns)
    for index in benchmarks.indices {
      let product = BLAS.multiply(features[index], .transposed, factors[index], .asStored)
      let ones = Matrix(rows: features[index].rows, columns: 1, repeating: 1)
      let totals = BLAS.multiply(ones, .transposed, factors[index], .asStored)
      for column in 0..<cross.columns {
        for row in 0..<dimensions { cross[row, column] += product[row, column] }
        cross[dimensions + index, column] = totals[0, column]
      }
    }
    return cross
  }
}
