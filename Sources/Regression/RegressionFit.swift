import NumericKernels

/// What a closed-form regression found for some LLMs.
struct RegressionFit: Sendable {
  /// One column for each LLM: a weight for each input (ridge) or for each train query (kernel ridge).
  var coefficients: Matrix
  /// The intercept of each benchmark and LLM, B × m; NaN where the LLM has no response to the benchmark.
  var intercepts: Matrix
  /// λ.
  let l2: Float
  /// The squared errors of predictions by fits without the query.
  var leaveOneOut = SquaredErrors()
}

/// A weighted sum of squared errors and what their weights add up to.
struct SquaredErrors: Equatable, Sendable {
  /// The sum.
  private(set) var sum = 0.0
  /// The weights' sum; without weights how many errors there are.
  private(set) var count = 0.0

  /// Counts one more error.
  mutating func add(_ error: Double, weight: Double = 1) {
    sum += weight * error * error
    count += weight
  }

  /// Counts those of another sum.
  mutating func add(_ other: SquaredErrors) {
    sum += other.sum
    count += other.count
  }

  /// The mean squared error; infinite where there is none or it is not a number.
  var mean: Double { count > 0 && sum.isFinite ? sum / count : .infinity }
}

/// The intercepts of a fit as biases of LLMs and of benchmarks.
struct InterceptBiases: Sendable {
  /// The bias of each LLM: the mean of its intercepts.
  let llms: [Float]
  /// What each benchmark adds for each LLM, B × m; an LLM that did not answer the benchmark gets the mean of
  /// those that did.
  let benchmarks: Matrix

  /// Splits intercepts, B × m with NaN where an LLM has no response to a benchmark.
  init(_ intercepts: Matrix) {
    let llms = (0..<intercepts.columns).map { column -> Float in
      let known = intercepts.column(column).filter { !$0.isNaN }
      return known.reduce(0, +) / Float(max(known.count, 1))
    }
    var benchmarks = intercepts
    for row in 0..<intercepts.rows {
      let differences = zip(intercepts.row(row), llms).map { $0 - $1 }
      let known = differences.filter { !$0.isNaN }
      let mean = known.reduce(0, +) / Float(max(known.count, 1))
      for (column, difference) in differences.enumerated() {
        benchmarks[row, column] = difference.isNaN ? mean : difference
      }
    }
    self.llms = llms
    self.benchmarks = benchmarks
  }
}
