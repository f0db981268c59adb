import NumericKernels
import Testing

@Suite struct LargestProductsTests {
  /// The definition, in `Double`: sort all rows.
  func reference(_ left: Matrix, _ right: Matrix, _ count: Int) -> [[Int]] {
    (0..<left.rows).map { row in
      let products = (0..<right.rows).map { other in
        zip(left.row(row), right.row(other)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      }
      return Array(products.indices.sorted { (products[$1], $0) < (products[$0], $1) }.prefix(count))
    }
  }

  /// Whole numbers, so that products are exact in any order of sums and many are equal.
  func grid(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rows: rows, columns: columns,
      storage: (0..<rows * columns).map { _ in Float(generator.below(7)) - 3 })
  }

  @Test(arguments: [1, 5, 40, 1100, 5000])
  func agreesWithSorting(count: Int) {
    let left = grid(140, 6, 1)
    let right = grid(2100, 6, 2)
    #expect(LargestProducts.rows(of: left, in: right, count: count) == reference(left, right, count))
  }

  @Test func nearTiesAreDecidedInDouble() {
    var generator = SeededGenerator(seed: 3)
    let base = (0..<384).map { _ in generator.normal() }
    // Rows that differ from each other in the last bits of single numbers only.
    let right = Matrix(
      (0..<300).map { row in
        var values = base
        values[row % 384] = values[row % 384].nextUp
        return values
      })
    let left = Matrix([base, base.map { -$0 }])
    #expect(LargestProducts.rows(of: left, in: right, count: 5) == reference(left, right, 5))
  }

  /// Large terms that cancel: what is left is less than the errors of single precision, which order it anew.
  @Test(arguments: [6, 7, 8] as [UInt64]) func whatSinglePrecisionMisplacesIsFound(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let left = (0..<383).map { _ in generator.normal() } + [1]
    let right = Matrix(
      (0..<300).map { _ in
        let row = (0..<383).map { _ in 1000 * generator.normal() }
        return row + [-Float(zip(left, row).reduce(0.0) { $0 + Double($1.0) * Double($1.1) })]
      })
    #expect(
      LargestProducts.rows(of: Matrix([left]), in: right, count: 5) == reference(Matrix([left]), right, 5))
  }

  @Test func theSameAtAnyThreadCount() {
    var generator = SeededGenerator(seed: 4)
    let left = Matrix(rows: 400, columns: 20, storage: (0..<8000).map { _ in generator.normal() })
    let right = Matrix(rows: 1500, columns: 20, storage: (0..<30000).map { _ in generator.normal() })
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let alone = LargestProducts.rows(of: left, in: right, count: 7)
    Threads.count = 3
    #expect(LargestProducts.rows(of: left, in: right, count: 7) == alone)
  }

  @Test func emptySides() {
    let some = grid(3, 2, 1)
    #expect(LargestProducts.rows(of: some, in: Matrix(rows: 0, columns: 2), count: 2) == [[], [], []])
    #expect(LargestProducts.rows(of: Matrix(rows: 0, columns: 2), in: some, count: 2) == [])
    #expect(LargestProducts.rows(of: some, in: some, count: 0) == [[], [], []])
    let flat = Matrix(rows: 2, columns: 0)
    #expect(LargestProducts.rows(of: flat, in: flat, count: 1) == [[0], [0]])
  }
}
