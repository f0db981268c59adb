import NumericKernels
import Testing

@Suite struct DecompositionTests {
  /// GᵀG + I of a random G: positive definite.
  static func positiveDefinite(_ size: Int) -> Matrix {
    var matrix = BLAS.gram(Matrix.random(size + 3, size, seed: 7))
    matrix += Matrix(identity: size)
    return matrix
  }

  @Test(arguments: [1, 4, 40]) func choleskyMultipliesBack(size: Int) throws {
    let matrix = Self.positiveDefinite(size)
    let lower = try Cholesky(matrix).lower
    let product = BLAS.multiply(lower, .asStored, lower, .transposed)
    #expect(product.distance(to: (0..<size).map { row in matrix.row(row).map(Double.init) }) < 1e-3)
  }

  @Test func choleskySolvesBothSides() throws {
    let matrix = Self.positiveDefinite(5)
    let cholesky = try Cholesky(matrix)
    let x = Matrix.random(5, 3, seed: 8)
    let solved = cholesky.solve(BLAS.multiply(matrix, x))
    #expect(solved.distance(to: (0..<5).map { x.row($0).map(Double.init) }) < 1e-3)
    var rows = BLAS.multiply(x, .transposed, matrix, .asStored)
    cholesky.solveRows(of: &rows)
    #expect(rows.distance(to: (0..<3).map { row in x.column(row).map(Double.init) }) < 1e-3)
  }

  @Test func choleskyNamesTheFailingRowAndTheRemedy() {
    let indefinite = Matrix([[1, 0, 0], [0, -1, 0], [0, 0, 1]])
    #expect(throws: NumericalError.notPositiveDefinite(row: 1, remedy: "choose a larger --ridge")) {
      try Cholesky(indefinite) { _, _ in "choose a larger --ridge" }
    }
  }

  @Test func eigenvectorsDiagonalize() throws {
    let matrix = Self.positiveDefinite(6)
    let eigen = try SymmetricEigen(matrix)
    #expect(eigen.values == eigen.values.sorted())
    let image = BLAS.multiply(eigen.vectors, matrix)
    for index in 0..<6 {
      for column in 0..<6 {
        #expect(abs(image[index, column] - eigen.values[index] * eigen.vectors[index, column]) < 1e-3)
      }
    }
  }

  /// By hand: [[3, 0], [4, 5]] has AᵀA = [[25, 20], [20, 25]], eigenvalues 45 and 5.
  @Test func singularValuesByHand() throws {
    let decomposition = try SingularValueDecomposition(Matrix([[3, 0], [4, 5]]))
    #expect(abs(decomposition.values[0] - Float(45).squareRoot()) < 1e-5)
    #expect(abs(decomposition.values[1] - Float(5).squareRoot()) < 1e-5)
  }

  @Test(arguments: [(7, 3), (3, 7), (4, 4)]) func singularVectorsMultiplyBack(m: Int, n: Int) throws {
    let matrix = Matrix.random(m, n, seed: 9)
    let decomposition = try SingularValueDecomposition(matrix)
    var scaled = decomposition.left
    for row in 0..<m {
      for column in 0..<scaled.columns { scaled[row, column] *= decomposition.values[column] }
    }
    let product = BLAS.multiply(scaled, decomposition.right)
    #expect(product.distance(to: (0..<m).map { matrix.row($0).map(Double.init) }) < 1e-5)
  }

  /// Overflow on the way must become an error, not a trap.
  @Test(arguments: [Float.nan, .infinity, 3e38]) func decompositionsOfTheUnboundedAreRefused(_ value: Float) {
    let matrix = Matrix(rows: 40, columns: 40, repeating: value)
    #expect(throws: NumericalError.self) { try SymmetricEigen(matrix) }
    #expect(throws: NumericalError.self) { try SingularValueDecomposition(matrix) }
    if !value.isFinite { #expect(throws: NumericalError.self) { try Cholesky(matrix) } }
  }

  /// What a failed factorization advises to add makes the next one succeed.
  @Test(arguments: [(3, 1), (60, 5), (300, 20)]) func whatIsSaidToBeEnoughIs(_ size: Int, _ rank: Int) throws
  {
    for seed in 0..<5 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let rows = Matrix(
        rows: rank, columns: size, storage: (0..<rank * size).map { _ in 1000 * generator.normal() })
      var gram = BLAS.gram(rows)
      var enough: Float?
      do {
        _ = try Cholesky(gram) {
          enough = $1; return "more"
        }
      } catch {}
      guard let enough else { continue }
      for index in 0..<size { gram[index, index] += enough }
      #expect(throws: Never.self) { try Cholesky(gram) }
    }
  }
}
