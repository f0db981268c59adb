import NumericKernels

/// The means of rows within each benchmark: taking them away frees the benchmarks' intercepts from any penalty
/// (Frisch and Waugh 1933).
struct BenchmarkMeans {
  /// The number of rows of each benchmark, B of them.
  let counts: [Int]
  /// The sum of the weights of each benchmark's rows; their number without weights.
  let weights: [Double]
  /// The means, B × d; 0 for a benchmark without rows.
  let values: Matrix

  /// The means of an n × d matrix, summed in `Double`; `benchmarks` holds each row's benchmark, `weights` how much it counts.
  init(_ matrix: Matrix, benchmarks: [Int], count: Int, weights rowWeights: [Float]? = nil) {
    precondition(benchmarks.count == matrix.rows, "\(benchmarks.count) rows of \(matrix.shapeText)")
    let width = matrix.columns
    var sums = [Double](repeating: 0, count: count * width)
    var counts = [Int](repeating: 0, count: count)
    var weights = [Double](repeating: 0, count: count)
    for (row, benchmark) in benchmarks.enumerated() {
      counts[benchmark] += 1
      let weight = rowWeights.map { Double($0[row]) } ?? 1
      weights[benchmark] += weight
      for (place, value) in zip(benchmark * width..<(benchmark + 1) * width, matrix.row(row)) {
        sums[place] += weight * Double(value)
      }
    }
    var values = Matrix(rows: count, columns: width)
    for benchmark in 0..<count where weights[benchmark] > 0 {
      for column in 0..<width {
        values[benchmark, column] = Float(sums[benchmark * width + column] / weights[benchmark])
      }
    }
    self.counts = counts
    self.weights = weights
    self.values = values
  }

  /// Takes each row's mean from it.
  func centre(_ matrix: inout Matrix, benchmarks: [Int]) {
    for (row, benchmark) in benchmarks.enumerated() {
      matrix.updateRow(row, with: values.row(benchmark)) { $0 -= $1 }
    }
  }
}
