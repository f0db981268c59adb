import NumericKernels
import Testing

@Suite(.serialized) struct SparseRowsTests {
  /// A dense matrix of which a share is 0, and the same as sparse rows, each in descending order of columns.
  private static func sample(_ rows: Int, _ columns: Int, seed: UInt64) -> (dense: Matrix, sparse: SparseRows)
  {
    var dense = Matrix.random(rows, columns, seed: seed)
    dense.update { if abs($0) < 0.5 { $0 = 0 } }
    let sparse = SparseRows(
      columns: columns,
      rows: (0..<rows).map { row in
        let places = (0..<columns).filter { dense[row, $0] != 0 }.reversed()
        return (places.map { Int32($0) }, places.map { dense[row, $0] })
      })
    return (dense, sparse)
  }

  private static func distance(_ left: Matrix, _ right: Matrix) -> Float {
    guard left.rows == right.rows, left.columns == right.columns else { return .infinity }
    return zip(left.storage, right.storage).map { abs($0 - $1) }.max() ?? 0
  }

  @Test(arguments: [(150, 40, 9), (1, 5, 3), (70, 1, 1), (0, 4, 2), (3, 4, 0)])
  func productsAgreeWithDenseOnes(_ rows: Int, _ columns: Int, _ width: Int) {
    let (dense, sparse) = Self.sample(rows, columns, seed: 5)
    #expect(sparse.rows == rows && sparse.columns == columns)
    let right = Matrix.random(columns, width, seed: 6)
    #expect(Self.distance(sparse.times(right), BLAS.multiply(dense, right)) < 1e-4)
    let left = Matrix.random(rows, width, seed: 7)
    #expect(
      Self.distance(sparse.transposed.times(left), BLAS.multiply(dense, .transposed, left, .asStored)) < 1e-4)
    #expect(
      sparse.transposed.transposed.times(right)
        == sparse.transposed.transposed.transposed.transposed.times(right))
  }

  @Test func threadsChangeNoBit() {
    let threads = Threads.count
    defer { Threads.count = threads }
    let (_, sparse) = Self.sample(500, 60, seed: 1)
    let right = Matrix.random(60, 17, seed: 2)
    Threads.count = 1
    let one = sparse.times(right)
    Threads.count = 3
    #expect(sparse.times(right) == one)
  }

  @Test func theDecompositionOfASparseMatrixIsThatOfTheDenseOne() throws {
    let (dense, sparse) = Self.sample(60, 30, seed: 3)
    let exact = try SingularValueDecomposition(dense)
    let found = try RandomizedSVD(of: SparseOperator(sparse), rank: 4, seed: 1, powerIterations: 6)
    for place in 0..<4 { #expect(abs(found.values[place] - exact.values[place]) < 1e-2 * exact.values[0]) }
  }
}
