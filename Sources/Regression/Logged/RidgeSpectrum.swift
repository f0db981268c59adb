import NumericKernels

/// Weighted ridge regression on some rows of features for a whole grid of penalties, by one eigendecomposition.
///
/// With XᵀWX = Q·S·Qᵀ the coefficients are Q·(S + λ)⁻¹·Qᵀ·XᵀWy for every λ, and the diagonal of the hat matrix, less its
/// weight, is the sum of (x·q)² / (s + λ) (Golub, Heath and Wahba 1979).
struct RidgeSpectrum {
  /// The penalties; features have a typical length of 1 and weights the mean 1.
  static let penalties: [Double] = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1e3, 1e4, 1e5]

  private static let blockRows = 2_048

  /// The rows of the features.
  let rows: [Int]
  private let values: [Double]
  /// Qᵀ, one eigenvector a row.
  private let vectors: Matrix

  /// Decomposes the Gram matrix of some rows and their weights; cost n·p² and 4·p³.
  init(_ features: Matrix, rows: [Int], weights: [Float]) throws(NumericalError) {
    self.rows = rows
    let eigen = try SymmetricEigen(
      BLAS.gram(rows.count == features.rows ? features : features.selecting(rows: rows), weights: weights))
    values = eigen.values.map { max(Double($0), 0) }
    vectors = eigen.vectors
  }

  /// What each penalty makes of targets that were multiplied by their weights, and how it fares on the rows.
  struct Solutions {
    /// The coefficients of each penalty in the eigenvectors' basis, p × L.
    fileprivate let spectral: Matrix
    /// The fitted values, n × L.
    let fitted: Matrix
    /// The diagonals of X·(XᵀWX + λ)⁻¹·Xᵀ, n × L.
    let leverages: Matrix
  }

  /// The solutions for weighted targets, one number for each row; cost 2·n·p².
  func solutions(_ features: Matrix, weightedTargets: [Float]) -> Solutions {
    var cross = [Float](repeating: 0, count: features.columns)
    for block in Parallel.blocks(of: rows.count, size: Self.blockRows) {
      BLAS.add(
        features.selecting(rows: Array(rows[block])), .transposed, Array(weightedTargets[block]), to: &cross)
    }
    var turned = [Float](repeating: 0, count: cross.count)
    BLAS.add(vectors, .asStored, cross, to: &turned)
    var shrinkage = Matrix(rows: values.count, columns: Self.penalties.count)
    var spectral = shrinkage
    for row in 0..<values.count {
      for (column, penalty) in Self.penalties.enumerated() {
        let factor = 1 / (values[row] + penalty)
        shrinkage[row, column] = Float(factor)
        spectral[row, column] = Float(factor * Double(turned[row]))
      }
    }
    let parts = Parallel.blocks(of: rows.count, size: Self.blockRows).map { block in
      let projected = BLAS.multiply(
        features.selecting(rows: Array(rows[block])), .asStored, vectors, .transposed)
      return (
        BLAS.multiply(projected, spectral),
        BLAS.multiply(projected.multiplied(elementwise: projected), shrinkage)
      )
    }
    return Solutions(
      spectral: spectral, fitted: .stacked(parts.map(\.0), columns: Self.penalties.count),
      leverages: .stacked(parts.map(\.1), columns: Self.penalties.count))
  }

  /// The coefficients of one penalty, p.
  func coefficients(_ solutions: Solutions, penalty: Int) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    BLAS.add(vectors, .transposed, solutions.spectral.column(penalty), to: &result)
    return result
  }
}
