import NumericKernels

/// Regressions on answers of all LLMs to all logged queries, of which those that the log did not see are made up.
///
/// Doubly robust pseudo-outcomes leave [0, 1]: they are regressed on by squared loss.
package struct DoublyRobustRidge {
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
    var targets = predictions(fit)
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
    var targets = try guesses(model)
    let cells = problem.weighted
    let rows = problem.plain.weights.reduce(0) { $0 + Double($1) }
    var own = [Double](repeating: 0, count: problem.llmCount)
    for (place, llm) in cells.llms.enumerated() { own[llm] += Double(cells.weights[place]) }
    var place = 0
    for (row, query) in queries.enumerated() {
      while place < cells.count, cells.queries[place] == query {
        let llm = cells.llms[place]
        // An LLM none of whose answers has a weight is left to the guess.
        guard own[llm] > 0 else { place += 1; continue }
        // Weights have the mean 1 among an LLM's rows; among all rows they must.
        let weight = Double(cells.weights[place]) * rows / own[llm] / rowsOfQueries[query]
        targets[row, llm] += Float(weight) * (cells.responses[place] - targets[row, llm])
        place += 1
      }
    }
    return try regression(on: targets, errorsOf: cells, predictions: problem.crossFit(model))
  }

  /// What the other half's answers predict for each routed query, queries × m.
  func guesses(_ model: LoggedCells) throws(NumericalError) -> Matrix {
    var result = Matrix(rows: queries.count, columns: problem.llmCount)
    for half in [false, true] {
      let rest = model.queries.indices.filter { problem.halves[model.queries[$0]] != half }
      let guess = predictions(try SharedRidge(problem.features, cells: model.selecting(rest)))
      for (row, query) in queries.enumerated() where problem.halves[query] == half {
        result.replaceRow(row, with: Array(guess.row(row)))
      }
    }
    return result
  }

  private func predictions(_ fit: SharedRidge) -> Matrix {
    var result = BLAS.multiply(problem.features.selecting(rows: queries), fit.coefficients)
    result.addToRows(fit.biases.map { Float($0) })
    return result
  }

  private func regression(
    on targets: Matrix, errorsOf cells: LoggedCells, predictions: LoggedProblem.CrossFit
  ) throws(NumericalError) -> LoggedFit {
    let count = problem.llmCount
    let dense = LoggedCells(
      queries: queries.flatMap { [Int](repeating: $0, count: count) },
      llms: queries.flatMap { _ in 0..<count },
      responses: queries.indices.flatMap { targets.row($0) },
      weights: queries.flatMap { [Float](repeating: Float(rowsOfQueries[$0]), count: count) }, llmCount: count
    )
    let fit = try SharedRidge(problem.features, cells: dense)
    let levels = OffsetEstimates(cells, predictions: predictions.predictions)
    return LoggedFit(
      biases: fit.biases, coefficients: fit.coefficients,
      standardErrors: levels.variances.map { $0.squareRoot() }, margins: [Double](repeating: 0, count: count),
      leaveOneOutError: fit.leaveOneOutError)
  }
}
