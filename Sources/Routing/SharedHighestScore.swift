import NumericKernels

/// The candidates that share the highest score of a query share the query, with equal probability.
public struct SharedHighestScore: Policy {
  /// `shared`.
  public let name = "shared"
  /// It does nothing else.
  public var comparesScores: Bool { true }

  /// The policy.
  public init() {}

  /// 1/k for each of the k candidates that share the highest score, else 0.
  public func picks(_ scores: Scores, among candidates: Candidates) -> Matrix {
    Self.shares(of: scores.values)
  }

  /// 1/k for each of the k columns that share a row's highest value, else 0; n × m with rows of sum 1.
  public static func shares(of values: Matrix) -> Matrix {
    var result = Matrix(rows: values.rows, columns: values.columns)
    for row in 0..<values.rows {
      let highest = values.columnsOfHighest(inRow: row)
      for column in highest { result[row, column] = 1 / Float(highest.count) }
    }
    return result
  }
}
