import NumericKernels

/// Chooses the queries whose answers predict the mean of all answers best by a linear rule (orthogonal least squares).
struct ForwardSelection {
  /// What is added to a query's remaining variance, in answers' units: with few LLMs, small residuals are chance.
  private static let ridge: Float = 0.02

  private let centred: Matrix
  private let target: [Float]

  /// The answers of known LLMs, n × LLMs; missing ones count as the query's mean.
  init(_ answers: GradedCells) {
    var values = answers.dense(rows: 0..<answers.rows)
    for row in 0..<values.rows {
      let seen = values.row(row).filter { !$0.isNaN }
      let mean = seen.isEmpty ? 0 : seen.reduce(0, +) / Float(seen.count)
      for column in 0..<values.columns {
        values[row, column] = values[row, column].isNaN ? 0 : values[row, column] - mean
      }
    }
    centred = values
    let sums = BLAS.multiply(Matrix(rows: 1, columns: values.rows, repeating: 1), values)
    target = sums.row(0).map { $0 / Float(max(values.rows, 1)) }
  }

  /// The first `count` queries, best first; cost n·m for each.
  func queries(_ count: Int) -> [Int] {
    var rest = centred
    var goal = Matrix(rows: target.count, columns: 1, storage: target)
    var isTaken = [Bool](repeating: false, count: rest.rows)
    var chosen: [Int] = []
    for _ in 0..<count {
      let along = BLAS.multiply(rest, goal)
      let lengths = rest.rowDots(rest)
      func gain(_ query: Int) -> Float {
        along[query, 0] * along[query, 0] / (lengths[query] + Self.ridge * Float(rest.columns))
      }
      var best = -1
      for query in 0..<rest.rows where !isTaken[query] && (best < 0 || gain(query) > gain(best)) {
        best = query
      }
      isTaken[best] = true
      chosen.append(best)
      let direction = Matrix(rows: 1, columns: rest.columns, storage: Array(rest.row(best)))
      let scale = -1 / (lengths[best] + Self.ridge * Float(rest.columns))
      let share = BLAS.multiply(rest, .asStored, direction, .transposed)
      BLAS.add(direction, .transposed, Matrix([[along[best, 0]]]), .asStored, scale: scale, to: &goal)
      BLAS.add(share, .asStored, direction, .asStored, scale: scale, to: &rest)
    }
    return chosen
  }
}
