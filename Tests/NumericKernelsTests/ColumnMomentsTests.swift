import Testing

@testable import NumericKernels

@Suite struct ColumnMomentsTests {
  @Test(arguments: [true, false], [true, false])
  func agreesWithOneCellAfterTheOther(isBinary: Bool, isMasked: Bool) {
    var generator = SeededGenerator(seed: 5, stream: "moments")
    let (rows, columns) = (37, 70)
    var matrix = Matrix(rows: rows, columns: columns)
    var bits = BitMatrix(rows: rows, columns: columns)
    var observed = BitMatrix(rows: rows, columns: columns, repeating: true)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = generator.uniformDouble()
        bits[row, column] = value < 0.4
        matrix[row, column] = isBinary ? (value < 0.4 ? 1 : 0) : Float(value)
        if isMasked, generator.uniformDouble() < 0.3 { observed[row, column] = false }
      }
    }
    let moments = ColumnMoments(
      of: GradedCells(isBinary ? .bits(bits) : .floats(matrix), observed: isMasked ? observed : nil))
    for column in 0..<columns {
      let values = (0..<rows).filter { observed[$0, column] }.map { Double(matrix[$0, column]) }
      #expect(moments.counts[column] == values.count)
      #expect(moments.sums[column] == values.reduce(0, +))
      #expect(moments.squares[column] == values.reduce(0) { $0 + $1 * $1 })
    }
  }
}
