import LinearAlgebra

/// Runs sweeps until they stop helping: Nesterov extrapolation, restarted on a worse objective.
struct AcceleratedSweeps {
  let solver: LogisticMFSolver
  let maximumSweeps: Int
  /// Stops after a sweep that lowers the objective by less than this share of it.
  let tolerance: Double

  /// The factors reached and the objective before each sweep, never rising.
  struct Outcome {
    let factors: BiasedFactors
    let objectives: [Double]
    let converged: Bool
  }

  /// Sweeps from a start; `report` gets the number of sweeps done and the objective.
  func run(
    from start: BiasedFactors, report: (Int, Double) throws -> Void
  ) throws -> Outcome {
    var accepted = start
    var point = start
    var momentum = 1.0
    var objectives: [Double] = []
    while objectives.count < maximumSweeps {
      guard let sweep = try solver.sweep(from: point, limit: objectives.last) else {
        // The extrapolated point is worse than the last one; the last sweep's result is not.
        if momentum == 1 { return Outcome(factors: accepted, objectives: objectives, converged: true) }
        point = accepted
        momentum = 1
        continue
      }
      objectives.append(sweep.objective)
      try report(objectives.count, sweep.objective)
      if objectives.count > 1 {
        let previous = objectives[objectives.count - 2]
        if previous - sweep.objective <= tolerance * abs(sweep.objective) {
          return Outcome(factors: sweep.factors, objectives: objectives, converged: true)
        }
      }
      let next = (1 + (1 + 4 * momentum * momentum).squareRoot()) / 2
      point = sweep.factors.extrapolated(from: accepted, momentum: Float((momentum - 1) / next))
      accepted = sweep.factors
      momentum = next
    }
    return Outcome(factors: accepted, objectives: objectives, converged: false)
  }
}
