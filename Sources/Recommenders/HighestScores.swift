import NumericKernels

/// The candidates with the highest score of each query.
public enum HighestScores {
  /// The columns that share the highest value of a row, ascending; empty for a matrix without columns.
  ///
  /// The row must hold no NaN.
  public static func columns(ofRow row: Int, _ scores: Matrix) -> [Int] {
    let values = scores.row(row)
    guard let highest = values.max() else { return [] }
    return values.enumerated().filter { $0.element == highest }.map(\.offset)
  }

  /// 1/k for each of the k candidates that share a query's highest score, else 0; n × m with rows of sum 1.
  public static func shared(_ scores: Matrix) -> Matrix {
    var result = Matrix(rows: scores.rows, columns: scores.columns)
    for row in 0..<scores.rows {
      let highest = columns(ofRow: row, scores)
      for column in highest { result[row, column] = 1 / Float(highest.count) }
    }
    return result
  }
}
