import NumericKernels
import Testing

@Suite struct GradedCellsTests {
  @Test(arguments: [1, 8, 13], [false, true]) func denseRowsAgreeWithTheCells(columns: Int, masked: Bool) {
    var generator = SeededGenerator(seed: 5)
    var bits = BitMatrix(rows: 6, columns: columns)
    var seen = BitMatrix(rows: 6, columns: columns)
    var floats = Matrix(rows: 6, columns: columns)
    for row in 0..<6 {
      for column in 0..<columns {
        bits[row, column] = generator.uniform() < 0.5
        seen[row, column] = generator.uniform() < 0.7
        floats[row, column] = generator.uniform()
      }
    }
    let rows = [4, 0, 4, 5]
    let observed = masked ? seen : nil
    let fromBits = GradedCells(.bits(bits), observed: observed).dense(rows: rows)
    let fromFloats = GradedCells(.floats(floats), observed: observed).dense(rows: rows)
    for (place, row) in rows.enumerated() {
      for column in 0..<columns {
        if masked, !seen[row, column] {
          #expect(fromBits[place, column].isNaN && fromFloats[place, column].isNaN)
        } else {
          #expect(fromBits[place, column] == (bits[row, column] ? 1 : 0))
          #expect(fromFloats[place, column] == floats[row, column])
        }
      }
    }
  }
}
