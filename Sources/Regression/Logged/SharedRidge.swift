import NumericKernels

/// Responses as what all LLMs have in common and what each has of its own: f_j(x) = b_j + x·g + x·h_j.
///
/// b_j is the LLM's weighted mean, g a ridge regression of all cells on the query, h_j one of what that leaves of the
/// LLM's cells. Both penalties are chosen by the error of predictions without the query, in closed form; that of the h_j is one for
/// all LLMs, so that an LLM of few cells keeps to what is shared. An LLM without cells is predicted by the shared part.
struct SharedRidge: Sendable {
  /// b, m of them.
  let biases: [Double]
  /// g + h_j, p × m.
  let coefficients: Matrix
  /// The weighted mean squared error of predictions without the query.
  let leaveOneOutError: Double

  /// Fits cells on rows of the features, whose mean is 0; cost 4·n·p² and 4·(m + 1)·p³.
  ///
  /// - Throws: `NumericalError`.
  init(_ features: Matrix, cells: LoggedCells) throws(NumericalError) {
    biases = cells.means
    var rest = [Float](repeating: 0, count: cells.count)
    for place in 0..<cells.count {
      rest[place] = cells.responses[place] - Float(biases[cells.llms[place]])
    }
    let shared = try Self.shared(features, cells: cells, targets: rest)
    for place in 0..<cells.count { rest[place] -= shared.held[place] }
    let own = try OwnRidge(features, cells: cells).fit(features, targets: rest)
    var coefficients = own.coefficients
    for row in 0..<coefficients.rows {
      for llm in 0..<coefficients.columns { coefficients[row, llm] += shared.coefficients[row] }
    }
    self.coefficients = coefficients
    leaveOneOutError = own.leaveOneOutError
  }

  /// The regression of all cells, and its predictions for each by fits without the cell's query.
  static func shared(
    _ features: Matrix, cells: LoggedCells, targets: [Float]
  ) throws(NumericalError) -> (coefficients: [Float], held: [Float]) {
    let (rows, places) = cells.distinctQueries
    var weights = [Double](repeating: 0, count: rows.count)
    var sums = weights
    for (cell, place) in places.enumerated() {
      weights[place] += Double(cells.weights[cell])
      sums[place] += Double(cells.weights[cell]) * Double(targets[cell])
    }
    let spectrum = try RidgeSpectrum(features, rows: rows, weights: weights.map { Float($0) })
    let solutions = spectrum.solutions(features, weightedTargets: sums.map { Float($0) })
    // A query with weight W and weighted targets s moves its own prediction by h·(s − W·prediction).
    func held(_ place: Int, _ penalty: Int) -> Double {
      let leverage = Double(solutions.leverages[place, penalty])
      return (Double(solutions.fitted[place, penalty]) - leverage * sums[place])
        / max(1 - leverage * weights[place], 1e-6)
    }
    var best = (penalty: 0, error: Double.infinity)
    for penalty in RidgeSpectrum.penalties.indices {
      var error = 0.0
      for (cell, place) in places.enumerated() {
        let residual = Double(targets[cell]) - held(place, penalty)
        error += Double(cells.weights[cell]) * residual * residual
      }
      if error < best.error { best = (penalty, error) }
    }
    return (
      spectrum.coefficients(solutions, penalty: best.penalty),
      places.map { Float(held($0, best.penalty)) }
    )
  }

  /// x·(g + h_a) of each cell's own LLM.
  func slopes(_ features: Matrix, cells: LoggedCells) -> [Double] {
    Self.slopes(features, coefficients: coefficients, cells: cells)
  }

  /// The predictions of each cell.
  func predictions(_ features: Matrix, cells: LoggedCells) -> [Double] {
    zip(slopes(features, cells: cells), cells.llms).map { $0 + biases[$1] }
  }

  /// The products of each cell's query with its LLM's coefficients.
  static func slopes(_ features: Matrix, coefficients: Matrix, cells: LoggedCells) -> [Double] {
    let (rows, places) = cells.distinctQueries
    var result: [Double] = []
    result.reserveCapacity(cells.count)
    var cell = 0
    for block in Parallel.blocks(of: rows.count, size: 4_096) {
      let values = BLAS.multiply(features.selecting(rows: Array(rows[block])), coefficients)
      while cell < cells.count, block.contains(places[cell]) {
        result.append(Double(values[places[cell] - block.lowerBound, cells.llms[cell]]))
        cell += 1
      }
    }
    return result
  }
}
