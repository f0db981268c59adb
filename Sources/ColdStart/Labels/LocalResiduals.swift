import NumericKernels

/// Kernel ridge regression of what predictions get wrong on the labelled queries of a new benchmark, for every LLM.
///
/// The width and λ are those of least leave-one-out error; where no λ lowers it, nothing is corrected.
struct LocalResiduals {
  /// From this many labels on there is something to learn.
  static let leastLabels = 20

  private static let penalties: [Float] = [1, 3, 10, 30, 100]
  /// Widths by the median distance of labelled queries.
  private static let widths: [Float] = [0.5, 1, 2]

  private let features: Matrix
  private let kernel: KernelFunction
  /// (K + λ)⁻¹·R, n × m; nil where nothing is corrected.
  private let coefficients: Matrix?

  /// Learns from the features of labelled queries, n × d, and the residuals of their responses, n × m; missing ones 0.
  ///
  /// - Throws: `NumericalError`.
  init(features: Matrix, residuals: Matrix) throws(NumericalError) {
    self.features = features
    let median = Self.medianDistance(features)
    var best: (error: Double, kernel: KernelFunction, coefficients: Matrix?)
    best = (
      Matrix.columnDots(residuals, residuals).reduce(0, +), .gaussian(gamma: 1), nil
    )
    if features.rows >= Self.leastLabels, median > 0 {
      for width in Self.widths {
        let kernel = KernelFunction.gaussian(gamma: 1 / (2 * width * width * median))
        let matrix = kernel.matrix(features)
        for penalty in Self.penalties {
          var system = matrix
          for row in 0..<system.rows { system[row, row] += penalty }
          let factor = try Cholesky(system)
          let coefficients = factor.solve(residuals)
          let inverse = factor.inverseDiagonal()
          let error = inverse.indices.reduce(0.0) { sum, row in
            coefficients.row(row).reduce(sum) {
              $0 + Double($1 / inverse[row]) * Double($1 / inverse[row])
            }
          }
          if error < best.error { best = (error, kernel, coefficients) }
        }
      }
    }
    kernel = best.kernel
    coefficients = best.coefficients
  }

  /// The median squared distance of two different rows; 0 for one.
  private static func medianDistance(_ features: Matrix) -> Float {
    let products = BLAS.multiply(features, .asStored, features, .transposed)
    var squares: [Float] = []
    for row in 0..<features.rows {
      for column in 0..<row {
        squares.append(products[row, row] + products[column, column] - 2 * products[row, column])
      }
    }
    squares.sort()
    return squares.isEmpty ? 0 : max(squares[squares.count / 2], 0)
  }

  /// Predictions for other queries, q × m, corrected and kept in [0, 1].
  func corrected(_ predictions: Matrix, features other: Matrix) -> Matrix {
    guard let coefficients else { return predictions }
    var result = predictions
    result += BLAS.multiply(kernel.matrix(other, features), coefficients)
    result.update { $0 = min(max($0, 0.005), 0.995) }
    return result
  }
}
