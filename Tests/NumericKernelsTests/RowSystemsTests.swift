import NumericKernels
import Testing

@Suite struct RowSystemsTests {
  /// Random positive definite matrices, packed, and right sides.
  private static func sample(rows: Int, order: Int) -> (packed: Matrix, sides: Matrix) {
    var generator = SeededGenerator(seed: 5, stream: "row systems")
    var packed = Matrix(rows: rows, columns: PackedSymmetric.count(order: order))
    for row in 0..<rows {
      let root = Matrix(
        rows: order + 2, columns: order, storage: (0..<(order + 2) * order).map { _ in generator.normal() })
      packed.replaceRow(row, with: PackedSymmetric.packed(BLAS.gram(root)))
    }
    return (
      packed, Matrix(rows: rows, columns: order, storage: (0..<rows * order).map { _ in generator.normal() })
    )
  }

  @Test(arguments: [1, 2, 5, 9]) func solutionsAndInverses(order: Int) throws {
    let (packed, sides) = Self.sample(rows: 300, order: order)
    var shared = Matrix(identity: order)
    shared[0, 0] = 3
    let systems = try RowSystems(packed, plus: shared, rightSides: sides)
    for row in stride(from: 0, to: 300, by: 37) {
      var whole = PackedSymmetric.matrix(packed.row(row), order: order)
      whole += shared
      let x = Matrix(rows: order, columns: 1, storage: Array(systems.solutions.row(row)))
      let back = BLAS.multiply(whole, x)
      for index in 0..<order { #expect(abs(back[index, 0] - sides[row, index]) < 1e-3) }
      let unit = BLAS.multiply(whole, PackedSymmetric.matrix(systems.inverses.row(row), order: order))
      for i in 0..<order {
        for j in 0..<order { #expect(abs(unit[i, j] - (i == j ? 1 : 0)) < 1e-3) }
      }
    }
  }

  @Test func refusesWhatHasNoSolution() {
    let none = Matrix(rows: 2, columns: 3, storage: [1, 0, 1, 1, 2, 1])
    let sides = Matrix(rows: 2, columns: 2)
    #expect(throws: NumericalError.notPositiveDefinite(row: 1, remedy: "choose fewer factors")) {
      try RowSystems(none, plus: Matrix(rows: 2, columns: 2), rightSides: sides)
    }
    var bad = none
    bad[0, 0] = .nan
    #expect(throws: NumericalError.self) {
      try RowSystems(bad, plus: Matrix(identity: 2), rightSides: sides)
    }
  }

  @Test func packedProductsAreThoseOfMatrices() {
    var generator = SeededGenerator(seed: 6, stream: "packed")
    let order = 4
    let rows = Matrix(rows: 7, columns: order, storage: (0..<28).map { _ in generator.normal() })
    let (packed, _) = Self.sample(rows: 7, order: order)
    let doubled = PackedSymmetric.outerProducts(rows, doubled: true)
    let turn = Matrix(rows: 3, columns: order, storage: (0..<12).map { _ in generator.normal() })
    let turned = PackedSymmetric.transformed(packed, by: turn)
    for row in 0..<7 {
      let x = Matrix(rows: 1, columns: order, storage: Array(rows.row(row)))
      let own = PackedSymmetric.matrix(packed.row(row), order: order)
      let form = BLAS.multiply(BLAS.multiply(x, own), .asStored, x, .transposed)[0, 0]
      #expect(abs(form - BLAS.dot(doubled.row(row), packed.row(row))) < 1e-3 * max(1, abs(form)))
      let expected = BLAS.multiply(BLAS.multiply(turn, own), .asStored, turn, .transposed)
      let found = PackedSymmetric.matrix(turned.row(row), order: 3)
      for i in 0..<3 {
        for j in 0..<3 { #expect(abs(expected[i, j] - found[i, j]) < 1e-3 * max(1, abs(expected[i, j]))) }
      }
    }
  }
}
