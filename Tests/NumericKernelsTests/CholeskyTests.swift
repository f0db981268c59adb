import Testing

@testable import NumericKernels

/// The blocked factorization around the edges of its blocks, against plain loops in `Double`.
@Suite struct CholeskyTests {
  /// Big enough for two whole blocks and a rest.
  static let sizes = [1, 7, 255, 256, 257, 511, 512, 513, 600]

  /// A Gram matrix with a ridge.
  static func matrix(_ size: Int) -> Matrix {
    let rows = Matrix.random(size, 40, seed: UInt64(size))
    var matrix = BLAS.multiply(rows, .asStored, rows, .transposed)
    for row in 0..<size {
      for column in 0..<row { matrix[column, row] = matrix[row, column] }
      matrix[row, row] += 4
    }
    return matrix
  }

  /// L by the textbook's three loops.
  static func reference(_ matrix: Matrix) -> [[Double]] {
    var lower = [[Double]](
      repeating: [Double](repeating: 0, count: matrix.rows), count: matrix.rows)
    for row in 0..<matrix.rows {
      for column in 0...row {
        var value = Double(matrix[row, column])
        for index in 0..<column { value -= lower[row][index] * lower[column][index] }
        lower[row][column] = row == column ? value.squareRoot() : value / lower[column][column]
      }
    }
    return lower
  }

  /// Column j of L⁻¹ by forward substitution.
  static func inverseColumn(_ lower: [[Double]], _ column: Int) -> [Double] {
    var result = [Double](repeating: 0, count: lower.count)
    for row in column..<lower.count {
      var value = row == column ? 1.0 : 0
      for index in column..<row { value -= lower[row][index] * result[index] }
      result[row] = value / lower[row][row]
    }
    return result
  }

  @Test(arguments: sizes) func factorIsThatOfTheTextbook(size: Int) throws {
    let matrix = Self.matrix(size)
    #expect(try Cholesky(matrix).lower.distance(to: Self.reference(matrix)) < 1e-3)
  }

  @Test(arguments: sizes) func solutionsMultiplyBack(size: Int) throws {
    let matrix = Self.matrix(size)
    let x = Matrix.random(size, 3, seed: 5)
    let solved = try Cholesky(matrix).solve(BLAS.multiply(matrix, x))
    #expect(solved.distance(to: (0..<size).map { x.row($0).map(Double.init) }) < 2e-3)
  }

  @Test func aWideRightHandSideIsSolvedLikeItsColumns() throws {
    let cholesky = try Cholesky(Self.matrix(300))
    let x = Matrix.random(300, 1_100, seed: 6)
    let wide = cholesky.solve(x)
    for column in [0, 511, 512, 1_099] {
      let one = cholesky.solve(x.selecting(columns: [column]))
      #expect(one.distance(to: (0..<300).map { [Double(wide[$0, column])] }) < 1e-4)
    }
  }

  @Test(arguments: [7, 256, 513]) func inverseDiagonalIsThatOfTheWholeInverse(size: Int) throws {
    let matrix = Self.matrix(size)
    let lower = Self.reference(matrix)
    let diagonal = try Cholesky(matrix).inverseDiagonal()
    #expect(diagonal.count == size)
    for column in 0..<size {
      let expected = Self.inverseColumn(lower, column).reduce(0) { $0 + $1 * $1 }
      #expect(abs(Double(diagonal[column]) - expected) < 1e-3 * expected)
    }
  }

  @Test func someElementsOfTheInverseDiagonalComeInTheOrderAskedFor() throws {
    let cholesky = try Cholesky(Self.matrix(600))
    let all = cholesky.inverseDiagonal()
    let rows = [599, 3, 256, 255, 3]
    for (row, value) in zip(rows, cholesky.inverseDiagonal(of: rows)) {
      #expect(abs(value - all[row]) < 1e-4 * all[row])
    }
  }

  @Test func pivotsAreTheSquaresOfTheDiagonal() throws {
    #expect(try Cholesky(Matrix([[4, 2], [2, 5]])).pivots == [4, 4])
  }

  @Test(arguments: [0, 255, 256, 300, 599]) func theFailingRowIsNamed(row: Int) {
    var matrix = Self.matrix(600)
    matrix[row, row] = -1
    #expect(throws: NumericalError.notPositiveDefinite(row: row, remedy: "more")) {
      try Cholesky(matrix) { _, _ in "more" }
    }
  }

  @Test func aValueThatIsNotANumberIsRefused() {
    var matrix = Self.matrix(300)
    matrix[280, 270] = .nan
    #expect(throws: NumericalError.notFinite(what: "a matrix to be factored")) { try Cholesky(matrix) }
  }

  @Test func threadsDoNotChangeTheBits() throws {
    let matrix = Self.matrix(600)
    let x = Matrix.random(600, 20, seed: 5)
    func results() throws -> [Matrix] {
      let cholesky = try Cholesky(matrix)
      return [cholesky.lower, cholesky.solve(x), Matrix([cholesky.inverseDiagonal()])]
    }
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let one = try results()
    Threads.count = 2
    #expect(try results() == one)
  }

  @Test func theCallersMatrixStaysAsItWas() throws {
    let matrix = Self.matrix(300)
    let before = matrix
    _ = try Cholesky(matrix)
    #expect(matrix == before)
  }
}
