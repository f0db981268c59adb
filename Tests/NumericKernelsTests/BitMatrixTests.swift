import NumericKernels
import Testing

@Suite struct BitMatrixTests {
  static let rows: [[Float]] = [[1, 0, 1, 1, 0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]

  static var matrix: BitMatrix {
    var matrix = BitMatrix(rows: 2, columns: 10)
    for (index, row) in rows.enumerated() { matrix.setRow(index, from: row) }
    return matrix
  }

  /// numpy 2.4.6: np.packbits(rows, axis=1) gives [[177, 128], [0, 64]].
  @Test func packsAsNumpyDoes() {
    #expect(Self.matrix.bytes == [177, 128, 0, 64])
  }

  @Test func readsBackBitByBit() {
    for row in 0..<2 {
      for column in 0..<10 { #expect(Self.matrix[row, column] == (Self.rows[row][column] == 1)) }
    }
    var changed = Self.matrix
    changed[1, 3] = true
    changed[0, 0] = false
    #expect(changed[1, 3] && !changed[0, 0] && changed[0, 2])
  }

  @Test func countsAndSelections() {
    #expect(Self.matrix.columnCounts() == [1, 0, 1, 1, 0, 0, 0, 1, 1, 1])
    #expect(Self.matrix.rowCount(0) == 5)
    #expect(Self.matrix.count == 6)
    #expect(Self.matrix.selecting(rows: [1, 0]).bytes == [0, 64, 177, 128])
    #expect(Self.matrix.selecting(columns: [9, 0]).bytes == [64, 128])
  }

  static func random(_ rows: Int, _ columns: Int, share: Float) -> BitMatrix {
    var generator = SeededGenerator(seed: UInt64(rows * 1000 + columns))
    var matrix = BitMatrix(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns where generator.uniform() < share { matrix[row, column] = true }
    }
    return matrix
  }

  @Test(arguments: [(0, 5), (5, 0), (1, 1), (2, 10), (8, 8), (9, 17), (70, 1100)])
  func transposes(_ rows: Int, _ columns: Int) {
    let matrix = Self.random(rows, columns, share: 0.4)
    var expected = BitMatrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns where matrix[row, column] { expected[column, row] = true }
    }
    #expect(matrix.transposed == expected)
    #expect(matrix.transposed.transposed == matrix)
  }

  @Test(arguments: [1, 2, 3, 7, 29, 30])
  func unionCountsAgreeWithLookingAtEveryWindow(size: Int) {
    // 4,500 columns are more than one stripe of words.
    let matrix = Self.random(40, 4500, share: 0.05)
    let rows = (0..<30).map { ($0 * 7) % 40 }
    let expected = (0...rows.count - size).map { start in
      (0..<4500).count { column in rows[start..<start + size].contains { matrix[$0, column] } }
    }
    #expect(matrix.unionCounts(ofWindows: size, over: rows) == expected)
  }

  @Test func paddingBitsAreZero() {
    #expect(BitMatrix(rows: 1, columns: 3, repeating: true).bytes == [0b1110_0000])
    #expect(BitMatrix(rows: 1, columns: 3, bytes: [0xFF]).count == 3)
  }

  @Test(arguments: [(7, 5, 0.0), (40, 600, 0.3), (3, 9, 1.0)] as [(Int, Int, Float)])
  func sumsOfATargetAgreeWithItsCells(rows: Int, columns: Int, missing: Float) {
    var generator = SeededGenerator(seed: 4)
    var bits = BitMatrix(rows: rows, columns: columns)
    var grades = Matrix(rows: rows, columns: columns)
    var observed = BitMatrix(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        bits[row, column] = generator.uniform() < 0.6
        grades[row, column] = generator.uniform()
        observed[row, column] = generator.uniform() >= missing
      }
    }
    for cells in [
      GradedCells(.bits(bits)), GradedCells(.bits(bits), observed: observed),
      GradedCells(.floats(grades), observed: observed),
    ] {
      var byRow = [[Double]](repeating: [0, 0], count: rows)
      var byColumn = [[Double]](repeating: [0, 0], count: columns)
      for row in 0..<rows {
        for column in 0..<columns where cells.observed?[row, column] ?? true {
          var value = bits[row, column] ? 1.0 : 0
          if case .floats = cells.values { value = Double(grades[row, column]) }
          for (index, term) in [value, 1].enumerated() {
            byRow[row][index] += term
            byColumn[column][index] += term
          }
        }
      }
      let sums = cells.sums()
      #expect(sums.rows.distance(to: byRow) < 1e-3 && sums.columns.distance(to: byColumn) < 1e-3)
    }
  }
}
