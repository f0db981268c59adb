import NumericKernels
import Testing

@Suite struct RandomizedSVDTests {
  /// A matrix cut into blocks of rows.
  struct Stacked: StackedOperator {
    let blocks: [Matrix]
    var rowCounts: [Int] { blocks.map(\.rows) }
    var columnCount: Int { blocks[0].columns }
    func times(_ right: Matrix) -> [Matrix] { blocks.map { BLAS.multiply($0, right) } }
    func transposedTimes(_ left: [Matrix]) -> Matrix {
      var result = Matrix(rows: columnCount, columns: left[0].columns)
      for (block, factor) in zip(blocks, left) {
        result += BLAS.multiply(block, .transposed, factor, .asStored)
      }
      return result
    }
  }

  /// 70 × 40 with singular values that halve, in two blocks.
  static func sample() -> Stacked {
    var product = Matrix(rows: 70, columns: 40)
    for index in 0..<20 {
      var left = Matrix.random(70, 1, seed: UInt64(index))
      for place in left.storage.indices { left.storage[place] *= Float(1 << (20 - index)) / Float(1 << 20) }
      BLAS.add(left, .asStored, .random(40, 1, seed: UInt64(100 + index)), .transposed, to: &product)
    }
    return Stacked(blocks: [
      product.selecting(rows: Array(0..<25)), product.selecting(rows: Array(25..<70)),
    ])
  }

  @Test func agreesWithTheDenseDecomposition() throws {
    let matrix = Self.sample()
    let dense = try SingularValueDecomposition(.stacked(matrix.blocks))
    let found = try RandomizedSVD(of: matrix, rank: 6, seed: 1)
    #expect(found.left.map(\.rows) == [25, 45] && found.right.rows == 40)
    for index in 0..<6 {
      #expect(abs(found.values[index] - dense.values[index]) < 1e-3 * dense.values[0])
    }
    // The product of the triplets is the best approximation of rank 6.
    func approximation(_ left: Matrix, _ values: [Float], _ right: Matrix) -> Matrix {
      var scaled = left
      for row in 0..<left.rows { for column in values.indices { scaled[row, column] *= values[column] } }
      return BLAS.multiply(scaled, right)
    }
    let expected = approximation(
      dense.left.selecting(columns: Array(0..<6)), Array(dense.values.prefix(6)),
      dense.right.selecting(rows: Array(0..<6)))
    let product = approximation(.stacked(found.left), found.values, found.right.transposed)
    let worst = zip(product.storage, expected.storage).map { abs($0 - $1) }.max() ?? .nan
    #expect(worst < 0.01 * dense.values[0])
  }

  @Test func aRankBeyondTheMatrixGivesWhatThereIs() throws {
    let matrix = Stacked(blocks: [.random(3, 5, seed: 1), .random(1, 5, seed: 2)])
    let found = try RandomizedSVD(of: matrix, rank: 9, seed: 1)
    let dense = try SingularValueDecomposition(.stacked(matrix.blocks))
    #expect(found.values.count == 4)
    #expect(zip(found.values, dense.values).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func theSeedDecidesTheBits() throws {
    let matrix = Self.sample()
    func right(_ seed: UInt64) throws -> Matrix { try RandomizedSVD(of: matrix, rank: 3, seed: seed).right }
    #expect(try right(1) == right(1))
    #expect(try right(1) != right(2))
  }

  @Test func zerosHaveNoSingularValues() throws {
    let found = try RandomizedSVD(of: Stacked(blocks: [Matrix(rows: 6, columns: 4)]), rank: 2, seed: 1)
    #expect(found.values == [0, 0])
    #expect(found.right.isFinite && found.left[0].isFinite)
  }

  @Test func aMatrixThatIsNotFiniteIsAnError() {
    let matrix = Stacked(blocks: [Matrix(rows: 6, columns: 4, repeating: .nan)])
    #expect(throws: NumericalError.self) { try RandomizedSVD(of: matrix, rank: 2, seed: 1) }
  }
}
