/// Of each column of graded cells: how many are observed, and the sums of their values and of their squares.
public struct ColumnMoments: Equatable, Sendable {
  /// The number of observed cells of each column.
  public private(set) var counts: [Int]
  /// The sum of each column's observed values.
  public private(set) var sums: [Double]
  /// The sum of the squares of each column's observed values.
  public private(set) var squares: [Double]

  /// The moments of cells, whatever they weigh.
  ///
  /// Bits are counted, numbers added row by row. Cost: rows · columns / 8 byte steps for bits, rows · columns for numbers.
  public init(of cells: GradedCells) {
    counts = cells.observed?.columnCounts() ?? Array(repeating: cells.rows, count: cells.columns)
    switch cells.values {
    case .bits(let bits):
      // Bits of missing cells may be set where the cells were not read from a dataset.
      sums = (cells.observed.map { bits.intersection($0) } ?? bits).columnCounts().map(Double.init)
      squares = sums
    case .floats(let matrix):
      let stripes = Parallel.blocks(of: cells.columns, size: 64)
      let parts = Parallel.map(stripes.count) { Self.moments(of: matrix, cells.observed, in: stripes[$0]) }
      sums = parts.flatMap(\.sums)
      squares = parts.flatMap(\.squares)
    }
  }

  private static func moments(
    of matrix: Matrix, _ observed: BitMatrix?, in stripe: Range<Int>
  ) -> (sums: [Double], squares: [Double]) {
    var sums = [Double](repeating: 0, count: stripe.count)
    var squares = sums
    for row in 0..<matrix.rows {
      for (place, column) in stripe.enumerated() where observed?[row, column] ?? true {
        let value = Double(matrix[row, column])
        sums[place] += value
        squares[place] += value * value
      }
    }
    return (sums, squares)
  }
}
