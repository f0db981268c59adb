import NumericKernels
import Testing

@Suite(.serialized) struct BLASTests {
  @Test(arguments: [(1, 1, 1), (3, 5, 2), (300, 7, 33), (257, 64, 1)])
  func productAgreesWithReference(m: Int, k: Int, n: Int) {
    let a = Matrix.random(m, k, seed: 1)
    let b = Matrix.random(k, n, seed: 2)
    let reference = ReferenceKernels.multiply(a, b)
    #expect(BLAS.multiply(a, b).distance(to: reference) < 1e-4)
    #expect(BLAS.multiply(a.transposed, .transposed, b, .asStored).distance(to: reference) < 1e-4)
    #expect(BLAS.multiply(a, .asStored, b.transposed, .transposed).distance(to: reference) < 1e-4)
    #expect(
      BLAS.multiply(a.transposed, .transposed, b.transposed, .transposed).distance(to: reference) < 1e-4)
  }

  @Test func scaledProductIsAddedToTheResult() {
    var c = Matrix([[1, 1], [1, 1]])
    BLAS.add(Matrix([[1, 2], [3, 4]]), .asStored, Matrix(identity: 2), .asStored, scale: 2, to: &c)
    #expect(c == Matrix([[3, 5], [7, 9]]))
  }

  @Test func emptyProductsHaveTheirShape() {
    #expect(
      BLAS.multiply(Matrix(rows: 2, columns: 0), Matrix(rows: 0, columns: 3)) == Matrix(rows: 2, columns: 3))
    #expect(BLAS.multiply(Matrix(rows: 0, columns: 4), Matrix(rows: 4, columns: 3)).rows == 0)
  }

  @Test(arguments: [1, 3, 5000]) func gramIsTheProductWithItself(rows: Int) {
    let a = Matrix.random(rows, 6, seed: 3)
    let reference = ReferenceKernels.multiply(a.transposed, a).map { $0.map { 0.25 * $0 } }
    #expect(BLAS.gram(a, scale: 0.25).distance(to: reference) < 1e-3 * Double(max(rows, 10)) / 10)
  }

  @Test func dotOfSlices() {
    let matrix = Matrix([[1, 2, 3], [4, 5, 6]])
    #expect(BLAS.dot(matrix.row(0), matrix.row(1)) == 32)
  }

  @Test func bitsDoNotDependOnThreads() {
    let before = Threads.count
    defer { Threads.count = before }
    let a = Matrix.random(1000, 40, seed: 4)
    let b = Matrix.random(40, 130, seed: 5)
    Threads.count = 1
    let one = (BLAS.multiply(a, b), BLAS.gram(a))
    Threads.count = 2
    let two = (BLAS.multiply(a, b), BLAS.gram(a))
    #expect(one.0 == two.0)
    #expect(one.1 == two.1)
  }

  @Test(arguments: [(1, 1), (3, 384), (17, 5)]) func matrixTimesVectorAgreesWithReference(
    rows: Int, columns: Int
  ) {
    let matrix = Matrix.random(rows, columns, seed: 21)
    for form in [Transposition.asStored, .transposed] {
      let used = form == .asStored ? matrix : matrix.transposed
      let x = Matrix.random(used.columns, 1, seed: 22)
      let expected = ReferenceKernels.multiply(used, x).map { $0[0] + 2 }
      var y = [Float](repeating: 2, count: used.rows)
      BLAS.add(matrix, form, x.storage, to: &y)
      for (value, wanted) in zip(y, expected) { #expect(abs(Double(value) - wanted) < 1e-4) }
    }
  }
}
