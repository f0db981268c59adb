import NumericKernels

/// Ridge regressions of each LLM's own cells, with one penalty for all.
struct OwnRidge {
  private let places: [[Int]]
  private let cells: LoggedCells
  private let spectra: [RidgeSpectrum?]

  /// An LLM with fewer cells says nothing of its own.
  private static let leastCells = 2

  /// Decomposes each LLM's Gram matrix.
  init(_ features: Matrix, cells: LoggedCells) throws(NumericalError) {
    self.cells = cells
    places = cells.placesOfLLMs
    spectra = try places.map { own throws(NumericalError) in
      own.count < Self.leastCells
        ? nil
        : try RidgeSpectrum(
          features, rows: own.map { cells.queries[$0] }, weights: own.map { cells.weights[$0] })
    }
  }

  /// The coefficients for targets, one for each cell, p × m, and the weighted mean squared error of predictions without the cell.
  func fit(_ features: Matrix, targets: [Float]) -> (coefficients: Matrix, leaveOneOutError: Double) {
    var errors = [Double](repeating: 0, count: RidgeSpectrum.penalties.count)
    var total = 0.0
    let solutions = spectra.enumerated().map { llm, spectrum -> RidgeSpectrum.Solutions? in
      guard let spectrum else { return nil }
      let own = places[llm]
      let solutions = spectrum.solutions(
        features, weightedTargets: own.map { cells.weights[$0] * targets[$0] })
      for (row, place) in own.enumerated() {
        let weight = Double(cells.weights[place])
        total += weight
        for penalty in errors.indices {
          let kept = max(1 - weight * Double(solutions.leverages[row, penalty]), 1e-6)
          let residual = (Double(targets[place]) - Double(solutions.fitted[row, penalty])) / kept
          errors[penalty] += weight * residual * residual
        }
      }
      return solutions
    }
    let best = errors.indices.reduce(0) { errors[$1] < errors[$0] ? $1 : $0 }
    var coefficients = Matrix(rows: features.columns, columns: places.count)
    for (llm, pair) in zip(spectra, solutions).enumerated() {
      guard let spectrum = pair.0, let solution = pair.1 else { continue }
      let own = spectrum.coefficients(solution, penalty: best)
      coefficients.replaceColumns([llm], with: Matrix(rows: own.count, columns: 1, storage: own))
    }
    return (coefficients, total > 0 ? errors[best] / total : 0)
  }
}
