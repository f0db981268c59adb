/// A matrix that is known by its products only: blocks of rows, one below the other.
public protocol StackedOperator {
  /// The number of rows of each block, n in all.
  var rowCounts: [Int] { get }
  /// The number of columns, m.
  var columnCount: Int { get }
  /// A·B for B of m × p, one product for each block.
  func times(_ right: Matrix) -> [Matrix]
  /// Aᵀ·B, m × p, for one matrix of p columns for each block.
  func transposedTimes(_ left: [Matrix]) -> Matrix
}

/// The leading singular triplets of a big matrix, by random projection.
///
/// Source: Halko, Martinsson and Tropp 2011, algorithms 4.4 (with power iterations) and 5.1.
public struct RandomizedSVD: Sendable {
  private static let oversampling = 8

  /// Left singular vectors, one n × r matrix for each block of rows.
  public let left: [Matrix]
  /// The singular values, descending, r of them; r is at most n and m.
  public let values: [Float]
  /// Right singular vectors, m × r.
  public let right: Matrix

  /// The leading `rank` triplets; cost 3 + 2q products of the matrix with `rank` + 8 columns for q power
  /// iterations, of which each squares the errors' share.
  ///
  /// The sketch comes from the seed's stream `stream`, a number for each column of the matrix.
  /// - Throws: `NumericalError` for a matrix that is not finite.
  public init(
    of matrix: some StackedOperator, rank: Int, seed: UInt64, powerIterations: Int = 2,
    stream: String = "randomized-svd"
  ) throws(NumericalError) {
    precondition(rank >= 0, "rank \(rank)")
    let columnCount = matrix.columnCount
    let width = min(rank + Self.oversampling, columnCount, matrix.rowCounts.reduce(0, +))
    var sketch = Matrix(rows: columnCount, columns: width)
    for row in 0..<columnCount {
      var generator = SeededGenerator(seed: seed, stream: stream, row)
      for column in 0..<width { sketch[row, column] = generator.nextWord() & 1 == 0 ? 1 : -1 }
    }
    var right = try Self.orthonormalized([sketch])[0]
    for _ in 0...powerIterations {
      let left = try Self.orthonormalized(matrix.times(right))
      right = try Self.orthonormalized([matrix.transposedTimes(left)])[0]
    }
    let projected = matrix.times(right)
    // The small matrix is stacked blocks = L·S·Wᵀ; its Gram matrix is only `width` wide.
    var gram = Matrix(rows: width, columns: width)
    for block in projected { gram += BLAS.gram(block) }
    let eigen = try SymmetricEigen(gram)
    let kept = min(rank, width)
    let order = (0..<kept).map { width - 1 - $0 }
    let values = order.map { max(eigen.values[$0], 0).squareRoot() }
    let rotation = eigen.vectors.selecting(rows: order).transposed
    left = projected.map { block -> Matrix in
      var product = BLAS.multiply(block, rotation)
      for row in 0..<product.rows {
        for column in 0..<kept where values[column] > 0 { product[row, column] /= values[column] }
      }
      return product
    }
    self.values = values
    self.right = BLAS.multiply(right, rotation)
  }

  /// Makes the columns of stacked blocks orthonormal by Cholesky QR, twice.
  ///
  /// Source: Yamamoto, Nakatsukasa, Yanagisawa and Fukaya 2015.
  private static func orthonormalized(_ blocks: [Matrix]) throws(NumericalError) -> [Matrix] {
    var result = blocks
    for _ in 0..<2 {
      var gram = Matrix(rows: blocks[0].columns, columns: blocks[0].columns)
      for block in result { gram += BLAS.gram(block) }
      let factor = try shiftedCholesky(gram)
      for index in result.indices { factor.whitenRows(of: &result[index]) }
    }
    return result
  }

  /// The factor of a Gram matrix whose diagonal is raised until it is positive definite.
  ///
  /// Columns beyond the rank of the responses are numerically zero, and how far rounding drives their
  /// pivots below zero differs from processor to processor; a shift keeps them finite.
  private static func shiftedCholesky(_ gram: Matrix) throws(NumericalError) -> Cholesky {
    let trace = (0..<gram.rows).reduce(Float(0)) { $0 + gram[$1, $1] }
    let scale = max(trace / Float(max(gram.rows, 1)), .leastNormalMagnitude / 1e-6)
    var share: Float = 1e-6
    while true {
      var shifted = gram
      for index in 0..<gram.rows { shifted[index, index] += share * scale }
      do { return try Cholesky(shifted) } catch {
        // A shift as large as the matrix itself is enough for any finite one.
        guard share < 1 else { throw error }
        share *= 10
      }
    }
  }
}
