import NumericKernels

/// Regressions on answers of all LLMs to all logged queries, of which those that the log did not see are made up.
///
/// Doubly robust pseudo-outcomes leave [0, 1]: they are regressed on by squared loss.
package struct DoublyRobustRidge {
  /// Of joint learning; each is a regression on the outcomes of all LLMs.
  private static let rounds = 3

  private let problem: LoggedProblem
  /// How often each query was routed, by its row.
  private let rowsOfQueries: [Double]
  /// The queries that were routed, ascending.
  private let queries: [Int]

  /// A problem to be completed.
  package init(_ problem: LoggedProblem) {
    self.problem = problem
    var counts = [Double](repeating: 0, count: problem.features.rows)
    for (place, query) in problem.plain.queries.enumerated() {
      counts[query] += Double(problem.plain.weights[place])
    }
    rowsOfQueries = counts
    queries = problem.plain.distinctQueries.rows
  }

  /// What was seen stays, the rest is what the plain fit predicts, within [0, 1].
  package func imputed() throws(NumericalError) -> LoggedFit {
    let fit = try SharedRidge(problem.features, cells: problem.plain)
    var targets = predictions(fit.coefficients, fit.biases)
    var place = 0
    for (row, query) in queries.enumerated() {
      for llm in 0..<targets.columns { targets[row, llm] = min(max(targets[row, llm], 0), 1) }
      while place < problem.plain.count, problem.plain.queries[place] == query {
        targets[row, problem.plain.llms[place]] = problem.plain.responses[place]
        place += 1
      }
    }
    return try regression(on: targets, errorsOf: problem.plain, predictions: problem.crossFit(problem.plain))
  }

  /// q̂ + (w / E w)·(y − q̂), where q̂ of a query comes from the other half; it is fitted plainly, or with weights that make
  /// the variance of the outcomes small ("more robust": Farajtabar, Chow and Ghavamzadeh 2018).
  package func doublyRobust(fitting cells: LoggedCells? = nil) throws(NumericalError) -> LoggedFit {
    let model = cells ?? problem.plain
    return try regression(
      on: outcomes(guesses(model), seen: problem.weighted), errorsOf: problem.weighted,
      predictions: problem.crossFit(model))
  }

  /// The same, where q̂ and a regression on the outcomes that it makes are learned in turn (joint learning: Wang, Zhang, Sun
  /// and Qi 2019).
  package func jointlyLearned() throws(NumericalError) -> LoggedFit {
    try regression(
      on: outcomes(jointGuesses(), seen: problem.weighted), errorsOf: problem.weighted,
      predictions: problem.crossFit(problem.weighted))
  }

  /// What the other half's answers predict for each routed query, queries × m.
  func guesses(_ model: LoggedCells) throws(NumericalError) -> Matrix {
    try guesses { half throws(NumericalError) in
      let fit = try SharedRidge(problem.features, cells: cells(model, ofHalf: half))
      return predictions(fit.coefficients, fit.biases)
    }
  }

  /// The same by what a regression says and what that misses of weighted answers, each half for itself.
  func jointGuesses() throws(NumericalError) -> Matrix {
    try guesses { half throws(NumericalError) in
      let weighted = cells(problem.weighted, ofHalf: half)
      let own = queries.indices.filter { problem.halves[queries[$0]] == half }
      let plain = try SharedRidge(problem.features, cells: cells(problem.plain, ofHalf: half))
      var guess = predictions(plain.coefficients, plain.biases)
      for _ in 0..<Self.rounds {
        let targets = outcomes(guess, seen: weighted)
        let fit = try SharedRidge(problem.features, cells: dense(targets, rows: own))
        let missed = zip(weighted.responses, fit.predictions(problem.features, cells: weighted))
          .map { $0 - Float($1) }
        let rest = try SharedRidge(problem.features, cells: weighted.with(responses: missed))
        guess = predictions(fit.coefficients, fit.biases)
        guess.update(with: predictions(rest.coefficients, rest.biases)) { $0 += $1 }
      }
      return guess
    }
  }

  private func guesses(
    from predicted: (_ half: Bool) throws(NumericalError) -> Matrix
  ) throws(NumericalError) -> Matrix {
    var result = Matrix(rows: queries.count, columns: problem.llmCount)
    for half in [false, true] {
      let other = try predicted(!half)
      for (row, query) in queries.enumerated() where problem.halves[query] == half {
        result.replaceRow(row, with: Array(other.row(row)))
      }
    }
    return result
  }

  private func cells(_ cells: LoggedCells, ofHalf half: Bool) -> LoggedCells {
    cells.selecting(cells.queries.indices.filter { problem.halves[cells.queries[$0]] == half })
  }

  /// Predictions of routed queries, queries × m, corrected where the log saw the answer.
  private func outcomes(_ predictions: Matrix, seen cells: LoggedCells) -> Matrix {
    var targets = predictions
    var own = [Double](repeating: 0, count: problem.llmCount)
    var rows = 0.0
    for (place, llm) in cells.llms.enumerated() { own[llm] += Double(cells.weights[place]) }
    for query in cells.distinctQueries.rows { rows += rowsOfQueries[query] }
    var row = 0
    for place in 0..<cells.count {
      while queries[row] < cells.queries[place] { row += 1 }
      let llm = cells.llms[place]
      // An LLM none of whose answers has a weight is left to the guess.
      guard own[llm] > 0 else { continue }
      // Weights have the mean 1 among an LLM's rows; among all rows they must.
      let weight = Double(cells.weights[place]) * rows / own[llm] / rowsOfQueries[queries[row]]
      targets[row, llm] += Float(weight) * (cells.responses[place] - targets[row, llm])
    }
    return targets
  }

  private func predictions(_ coefficients: Matrix, _ biases: [Double]) -> Matrix {
    var result = BLAS.multiply(problem.features.selecting(rows: queries), coefficients)
    result.addToRows(biases.map { Float($0) })
    return result
  }

  /// All LLMs' outcomes of some of the routed queries as cells, each as often as the query was routed.
  private func dense(_ targets: Matrix, rows: [Int]) -> LoggedCells {
    let count = problem.llmCount
    return LoggedCells(
      queries: rows.flatMap { [Int](repeating: queries[$0], count: count) },
      llms: rows.flatMap { _ in 0..<count }, responses: rows.flatMap { targets.row($0) },
      weights: rows.flatMap { [Float](repeating: Float(rowsOfQueries[queries[$0]]), count: count) },
      llmCount: count)
  }

  private func regression(
    on targets: Matrix, errorsOf cells: LoggedCells, predictions: LoggedProblem.CrossFit
  ) throws(NumericalError) -> LoggedFit {
    let count = problem.llmCount
    let fit = try SharedRidge(problem.features, cells: dense(targets, rows: Array(queries.indices)))
    let levels = OffsetEstimates(cells, predictions: predictions.predictions)
    return LoggedFit(
      biases: fit.biases, coefficients: fit.coefficients,
      standardErrors: levels.variances.map { $0.squareRoot() }, margins: [Double](repeating: 0, count: count),
      leaveOneOutError: fit.leaveOneOutError)
  }
}
