import NumericKernels

/// The mean of each column of a matrix over the rows where it is not missing (NaN), cells by their weights.
struct ObservedMeans {
  /// One mean for each column, in `Double`; nil for a column that is missing everywhere.
  let values: [Double?]

  /// Cost: one pass over the matrix.
  init(_ matrix: Matrix, weights: Matrix? = nil) {
    self.init(
      matrix, weights: weights, memberships: Matrix(rows: matrix.rows, columns: 1, repeating: 1), group: 0)
  }

  /// The means weighted by a column of `memberships`, n × K and not negative, too.
  init(_ matrix: Matrix, weights cellWeights: Matrix? = nil, memberships: Matrix, group: Int) {
    precondition(matrix.rows == memberships.rows, "\(memberships.rows) rows of weights for \(matrix.rows)")
    var sums = [Double](repeating: 0, count: matrix.columns)
    var weights = sums
    for row in 0..<matrix.rows {
      let weight = Double(memberships[row, group])
      guard weight > 0 else { continue }
      for (column, value) in matrix.row(row).enumerated() where !value.isNaN {
        let weight = cellWeights.map { weight * Double($0[row, column]) } ?? weight
        sums[column] += weight * Double(value)
        weights[column] += weight
      }
    }
    values = zip(sums, weights).map { $1 > 0 ? $0 / $1 : nil }
  }
}
