import NumericKernels

/// Corrections of a log's bias that mix a plain and a weighted fit.
///
/// A plain fit is precise and bent by whatever the logger knew and the features do not; a weighted one is straight and
/// noisy. How much of each is decided on the log itself, by predictions that did not see the query.
package struct StackedRidge {
  private let problem: LoggedProblem
  private let plainFit: SharedRidge
  private let weightedFit: SharedRidge
  private let plain: LoggedProblem.CrossFit
  private let weighted: LoggedProblem.CrossFit

  /// The standard errors that are taken from a score: small logs need caution more than weights.
  static let caution = 2.0

  /// Fits a problem plainly and weighted, on all queries and on each half; once where the weights say nothing.
  package init(_ problem: LoggedProblem) throws(NumericalError) {
    self.problem = problem
    plainFit = try SharedRidge(problem.features, cells: problem.plain)
    weightedFit =
      problem.isPlain ? plainFit : try SharedRidge(problem.features, cells: problem.weighted)
    plain = try problem.crossFit(problem.plain)
    weighted = problem.isPlain ? plain : try problem.crossFit(problem.weighted)
  }

  /// The plain fit alone.
  package func plainOnly() -> LoggedFit {
    let own = OffsetEstimates(problem.plain, predictions: plain.predictions)
    return LoggedFit(
      biases: plainFit.biases, coefficients: plainFit.coefficients,
      standardErrors: own.variances.map { $0.squareRoot() },
      margins: [Double](repeating: 0, count: own.variances.count),
      leaveOneOutError: plainFit.leaveOneOutError)
  }

  /// S = (1 − α)·S^N + α·S^W, where α is that of the weighted least squares of the answers on the held-out predictions.
  package func stacked() -> LoggedFit {
    let share = Self.share(
      problem.weighted, targets: problem.weighted.responses.map { Double($0) }, from: plain.predictions,
      to: weighted.predictions)
    let mixedWeights = zip(problem.plain.weights, problem.weighted.weights).map {
      Float((1 - share) * Double($0) + share * Double($1))
    }
    let level = OffsetEstimates(
      problem.weighted.with(weights: mixedWeights),
      predictions: Self.mix(plain.predictions, weighted.predictions, share))
    return LoggedFit(
      biases: Self.mix(plainFit.biases, weightedFit.biases, share),
      coefficients: mixedCoefficients(share),
      standardErrors: level.variances.map { $0.squareRoot() },
      margins: level.variances.map { Self.caution * $0.squareRoot() },
      weightedShare: share, leaveOneOutError: mixedError(share))
  }

  /// The plain fit and what it misses: each LLM's weighted mean residual, shrunk by how much such residuals vary, and
  /// their regression on the features (doubly robust with shrinkage).
  package func residual() throws(NumericalError) -> LoggedFit {
    let cells = problem.weighted
    let missed = OffsetEstimates(cells, predictions: plain.predictions)
    let squares = zip(missed.offsets, missed.variances).map { $0 * $0 - $1 }
    let spread = max(squares.reduce(0, +) / Double(squares.count), 0)
    let own = try OwnRidge(problem.features, cells: cells)
      .fit(problem.features, targets: missed.residuals.map { Float($0) })
    var coefficients = plainFit.coefficients
    coefficients += own.coefficients
    let shifts = zip(missed.offsets, missed.variances).map {
      $0 * spread / max(spread + $1, .leastNormalMagnitude)
    }
    return LoggedFit(
      biases: zip(plainFit.biases, shifts).map { $0 + $1 }, coefficients: coefficients,
      standardErrors: missed.variances.map { $0.squareRoot() },
      margins: missed.variances.map { $0.squareRoot() }, spread: spread.squareRoot(),
      leaveOneOutError: own.leaveOneOutError)
  }

  /// Levels and slopes apart: levels are the posterior of `OffsetPosterior`; slopes are stacked by α, and what they miss of
  /// each LLM's weighted answers is regressed on once more.
  package func combined() throws(NumericalError) -> LoggedFit {
    let cells = problem.weighted
    let means = OffsetEstimates(problem.plain, predictions: plain.slopes)
    let plainLevels = problem.trustsPlainLevels ? means : means.distrusted
    let levels = OffsetEstimates(cells, predictions: weighted.slopes)
    let posterior = OffsetPosterior(
      plain: plainLevels, weighted: levels,
      covariances: plainLevels.covariances(with: levels, problem.plain, cells))
    let targets = cells.llms.enumerated().map { place, llm in
      Double(cells.responses[place]) - levels.offsets[llm]
    }
    let share = Self.share(cells, targets: targets, from: plain.slopes, to: weighted.slopes)
    let missed = zip(targets, Self.mix(plain.slopes, weighted.slopes, share)).map { Float($0 - $1) }
    let own = try OwnRidge(problem.features, cells: cells).fit(problem.features, targets: missed)
    var coefficients = mixedCoefficients(share)
    coefficients += own.coefficients
    return LoggedFit(
      biases: posterior.means, coefficients: coefficients, standardErrors: posterior.deviations,
      margins: posterior.samplingDeviations.map { Self.caution * $0 },
      weightedShare: share, spread: posterior.spread, confounding: posterior.bias,
      leaveOneOutError: own.leaveOneOutError)
  }

  /// The share of a second prediction beside a first one with the least weighted squared error, in [0, 1].
  private static func share(
    _ cells: LoggedCells, targets: [Double], from first: [Double], to second: [Double]
  ) -> Double {
    var (product, square) = (0.0, 0.0)
    for place in 0..<cells.count {
      let difference = second[place] - first[place]
      product += Double(cells.weights[place]) * (targets[place] - first[place]) * difference
      square += Double(cells.weights[place]) * difference * difference
    }
    return square > 0 ? min(max(product / square, 0), 1) : 0
  }

  private static func mix(_ first: [Double], _ second: [Double], _ share: Double) -> [Double] {
    zip(first, second).map { (1 - share) * $0 + share * $1 }
  }

  private func mixedCoefficients(_ share: Double) -> Matrix {
    var result = plainFit.coefficients
    result.update(with: weightedFit.coefficients) { $0 += Float(share) * ($1 - $0) }
    return result
  }

  private func mixedError(_ share: Double) -> Double {
    (1 - share) * plainFit.leaveOneOutError + share * weightedFit.leaveOneOutError
  }
}
