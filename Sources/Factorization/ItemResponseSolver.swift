import NumericKernels

/// Multidimensional item response theory by empirical Bayes: log-odds η = a·θ + b + c with a free intercept c for each LLM.
///
/// The weights w = (a, b) of a benchmark's queries are normal about the benchmark's mean with a covariance S, both
/// learned by EM with Laplace's approximation: C = (Σ p(1 − p)·xxᵀ + S⁻¹)⁻¹ is a query's posterior covariance,
/// x = (θ, 1), and S the covariance of the weights plus the mean C (Bock and Aitkin 1981; Tierney and Kadane 1986).
/// Abilities θ are normal with covariance 1, intercepts with a variance learned likewise. A sweep takes one Newton step
/// for all LLMs and one for all queries.
package struct ItemResponseSolver: Sendable {
  /// A Newton step moves nothing by more prior standard deviations than this: far from the optimum it overshoots.
  private static let longestStep: Float = 1
  /// The least prior variance of a weight, so that an axis that a few queries use is never lost to rounding.
  private static let leastVariance: Float = 1e-4

  let responses: ResponseBlocks

  /// A solver for some blocks.
  package init(blocks: [ResponseBlocks.Block], llmCount: Int, share: BlockShare = BlockShare()) {
    responses = ResponseBlocks(blocks, llmCount: llmCount, share: share)
  }

  /// A state to sweep from: the spectral start in whitened units, with priors of its moments.
  package func start(factors: Int, seed: UInt64) throws(NumericalError) -> ItemResponseState {
    let spectrum = try SpectralStart(
      blocks: responses.blocks, llmCount: responses.llmCount, seed: seed
    ).spectrum(rank: factors)
    let shrunk = SpectralStart.factors(from: spectrum, factors: factors, l2: 1)
    var state = try ItemResponseState(start: shrunk).whitened()
    try learnQueryPrior(&state)
    return state
  }

  /// One sweep: all LLMs, then all queries and their prior; returns the objective −log posterior on the way.
  ///
  /// Cost 2·n·m·(4k + 10 + 3(k + 1)(k + 2)/2) operations and 4·n·m logistic functions.
  ///
  /// - Throws: `NumericalError`.
  package func sweep(_ state: inout ItemResponseState) throws(NumericalError) -> Double {
    try moveLLMs(&state)
    state = try state.whitened()
    let objective = try moveQueries(&state)
    try learnQueryPrior(&state)
    guard objective.isFinite else { throw .notFinite(what: "the training objective") }
    return objective
  }

  private func moveLLMs(_ state: inout ItemResponseState) throws(NumericalError) {
    let factors = state.factors
    let free = factors.freeLLMColumns
    let triangle = PackedSymmetric.count(order: free.count)
    let covariances = state.queryCovariances
    let sums = try responses.sum(columns: free.count + 2 * triangle) { index in
      let residuals = residuals(of: factors, in: index)
      let other = factors.queries[index].selecting(columns: free)
      let products = PackedSymmetric.outerProducts(other).appending(columns: covariances[index])
      return residuals.transposedTimes(other)
        .appending(columns: residuals.curvatureTransposedTimes(products))
    }
    var precision = Matrix(identity: free.count)
    precision[free.count - 1, free.count - 1] = 1 / state.interceptVariance
    let current = factors.llms.selecting(columns: free)
    var gradient = sums.selecting(columns: Array(free.indices))
    BLAS.add(current, .asStored, precision, .asStored, scale: -1, to: &gradient)
    var curvatures = sums.selecting(columns: Array(free.count..<free.count + triangle))
    let unsure = sums.selecting(columns: Array(free.count + triangle..<free.count + 2 * triangle))
    Self.addUncertainty(
      unsure, of: current, gradient: &gradient, curvatures: &curvatures, factors: factors.factors)
    let systems = try RowSystems(curvatures, plus: precision, rightSides: gradient)
    let deviations =
      Array(repeating: Float(1), count: factors.factors) + [state.interceptVariance.squareRoot()]
    state.factors.llms.addColumns(free, of: Self.clipped(systems.solutions, deviations))
    state.llmCovariances = systems.inverses
    let intercepts = state.factors.llms.column(factors.factors + 1)
    let mean = intercepts.reduce(0, +) / Float(intercepts.count)
    let own = systems.inverses.column(triangle - 1)
    var sum: Float = 0
    for (intercept, variance) in zip(intercepts, own) {
      sum += (intercept - mean) * (intercept - mean) + variance
    }
    state.interceptVariance = max(sum / Float(intercepts.count), Self.leastVariance)
  }

  /// What the queries' own uncertainty adds to the LLMs' steps: the expected log-likelihood over the weights (a, b) has
  /// the curvature Σ p(1 − p)·C more along the abilities, and pulls them by −Σ p(1 − p)·(C_ab + C_aa·θ).
  ///
  /// Without it single LLMs run away with an axis of their own (Heywood cases), and axes that nobody needs stay.
  private static func addUncertainty(
    _ sums: Matrix, of llms: Matrix, gradient: inout Matrix, curvatures: inout Matrix, factors: Int
  ) {
    for llm in 0..<llms.rows {
      for row in 0..<factors {
        var pull = sums[llm, PackedSymmetric.place(factors, row)]
        for column in 0..<factors {
          let place = PackedSymmetric.place(row, column)
          pull += sums[llm, place] * llms[llm, column]
          if column <= row { curvatures[llm, place] += sums[llm, place] }
        }
        gradient[llm, row] -= pull
      }
    }
  }

  /// One Newton step for all queries; returns the objective at its start.
  func moveQueries(_ state: inout ItemResponseState) throws(NumericalError) -> Double {
    let factors = state.factors
    let free = factors.freeQueryColumns
    let precision = try Cholesky(state.priorCovariance).solve(Matrix(identity: free.count))
    let deviations = free.indices.map { state.priorCovariance[$0, $0].squareRoot() }
    var terms: [Double] = []
    for index in responses.blocks.indices {
      let residuals = residuals(of: factors, in: index)
      let other = residuals.columns.selecting(columns: free)
      var (gradient, loss) = residuals.timesWithLoss(other)
      var centred = factors.queries[index].selecting(columns: free)
      centred.addToRows(state.priorMeans.row(index).map { -$0 })
      let pulled = BLAS.multiply(centred, precision)
      gradient.update(with: pulled) { $0 -= $1 }
      let penalty = Matrix.columnDots(pulled, centred).reduce(0, +) / 2
      let systems = try RowSystems(
        residuals.curvatureTimes(PackedSymmetric.outerProducts(other)), plus: precision,
        rightSides: gradient)
      state.factors.queries[index].addColumns(free, of: Self.clipped(systems.solutions, deviations))
      state.queryCovariances[index] = systems.inverses
      terms.append(loss + penalty)
    }
    let abilities = factors.llms.selecting(columns: Array(0..<factors.factors))
    let intercepts = factors.llms.selecting(columns: [factors.factors + 1])
    let ofLLMs =
      (Matrix.columnDots(abilities, abilities).reduce(0, +)
        + Matrix.columnDots(intercepts, intercepts)[0] / Double(state.interceptVariance)) / 2
    return try responses.reduction.sum(terms, onto: ofLLMs)
  }

  /// The prior of the queries from their weights and covariances.
  private func learnQueryPrior(_ state: inout ItemResponseState) throws(NumericalError) {
    let free = state.factors.freeQueryColumns
    var parts: [Matrix] = []
    var counts: [Double] = []
    for index in responses.blocks.indices {
      var weights = state.factors.queries[index].selecting(columns: free)
      let count = Float(weights.rows)
      let mean = free.indices.map { weights.column($0).reduce(0, +) / count }
      state.priorMeans.replaceRow(index, with: mean)
      weights.addToRows(mean.map { -$0 })
      let ones = Matrix(rows: weights.rows, columns: 1, repeating: 1)
      let spread = BLAS.multiply(ones, .transposed, state.queryCovariances[index], .asStored)
      var part = BLAS.gram(weights)
      part += PackedSymmetric.matrix(spread.row(0), order: free.count)
      parts.append(part)
      counts.append(Double(weights.rows))
    }
    let count = try responses.reduction.sum(counts, onto: 0)
    let sum = try responses.reduction.sum(parts, onto: Matrix(rows: free.count, columns: free.count))
    state.priorCovariance = sum.scaled(by: Float(1 / max(count, 1)))
    for index in free.indices {
      state.priorCovariance[index, index] += Self.leastVariance
    }
  }

  private func residuals(of factors: BiasedFactors, in index: Int) -> LogisticResiduals {
    LogisticResiduals(
      responses.blocks[index].cells, rows: factors.queries[index],
      columns: responses.factors(of: factors.llms, in: index))
  }

  /// Steps of at most so many deviations in every direction.
  static func clipped(_ steps: Matrix, _ deviations: [Float]) -> Matrix {
    let factors = (0..<steps.rows).map { row -> Float in
      let longest = zip(steps.row(row), deviations).reduce(Float(0)) {
        max($0, abs($1.0) / max($1.1, .leastNormalMagnitude))
      }
      return longest > longestStep ? longestStep / longest : 1
    }
    return steps.scalingRows(by: factors)
  }
}
