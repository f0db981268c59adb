/// Gaussian elimination with partial pivoting in `Double`, as a textbook has it.
package enum ReferenceLinearSystem {
  /// The solution x of A·x = b for a regular square A, given as its rows.
  package static func solve(_ a: [[Double]], _ b: [Double]) -> [Double] {
    let size = b.count
    var rows = zip(a, b).map { $0 + [$1] }
    for column in 0..<size {
      let pivot = (column..<size).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      rows.swapAt(column, pivot)
      for row in 0..<size where row != column {
        let factor = rows[row][column] / rows[column][column]
        for index in column...size { rows[row][index] -= factor * rows[column][index] }
      }
    }
    return (0..<size).map { rows[$0][size] / rows[$0][$0] }
  }
}
