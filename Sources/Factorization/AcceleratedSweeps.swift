import Foundation
import NumericKernels

/// Runs sweeps until they stop helping: Nesterov extrapolation, restarted on a worse objective.
package struct AcceleratedSweeps {
  let solver: any FactorSolver
  package let maximumSweeps: Int
  /// Stops after a sweep that lowers the objective by less than this share of it.
  let tolerance: Double

  /// Sweeps of a solver.
  package init(solver: any FactorSolver, maximumSweeps: Int, tolerance: Double) {
    self.solver = solver
    self.maximumSweeps = maximumSweeps
    self.tolerance = tolerance
  }

  /// The factors reached and the objective before each sweep, never rising.
  struct Outcome {
    let factors: BiasedFactors
    let objectives: [Double]
    let converged: Bool
  }

  /// How many sweeps a run will probably take in all, if its steps go on shrinking as the last ones did.
  static func expectedSweeps(after objectives: [Double], tolerance: Double, maximum: Int) -> Double {
    let window = 4
    let steps = zip(objectives, objectives.dropFirst()).map {
      ($0 - $1) / max(abs($1), .leastNormalMagnitude)
    }
    guard let last = steps.last, steps.count > window, last > tolerance, tolerance > 0 else {
      return Double(max(maximum / 4, objectives.count))
    }
    let ratio = last / max(steps[steps.count - 1 - window], .leastNormalMagnitude)
    guard ratio < 0.999, ratio > 0 else { return Double(maximum) }
    let remaining = log(tolerance / last) / log(ratio) * Double(window)
    return min(Double(objectives.count) + max(remaining, 0), Double(maximum))
  }

  /// Where a run of sweeps stands.
  package struct State: Sendable {
    /// What the last sweep gave.
    package var accepted: BiasedFactors
    /// Where the next one starts.
    var point: BiasedFactors
    var momentum = 1.0
    /// The objective before each sweep, never rising.
    package var objectives: [Double] = []
    package var isConverged = false

    package init(start: BiasedFactors) {
      accepted = start
      point = start
    }
  }

  /// One more sweep, or none where rounding lets none lower the objective.
  package func advance(_ state: inout State) throws(NumericalError) {
    while true {
      guard let sweep = try solver.sweep(from: state.point, limit: state.objectives.last) else {
        // The extrapolated point is worse than the last one; the last sweep's result is not.
        if state.momentum == 1 {
          state.isConverged = true
          return
        }
        state.point = state.accepted
        state.momentum = 1
        continue
      }
      let previous = state.objectives.last
      state.objectives.append(sweep.objective)
      let next = (1 + (1 + 4 * state.momentum * state.momentum).squareRoot()) / 2
      state.point = sweep.factors.extrapolated(
        from: state.accepted, momentum: Float((state.momentum - 1) / next))
      state.accepted = sweep.factors
      state.momentum = next
      if let previous, previous - sweep.objective <= tolerance * abs(sweep.objective) {
        state.isConverged = true
      }
      return
    }
  }

  /// Sweeps from a start; `report` gets the objective before each sweep so far.
  func run(from start: BiasedFactors, report: ([Double]) throws -> Void) throws -> Outcome {
    var state = State(start: start)
    while state.objectives.count < maximumSweeps, !state.isConverged {
      let before = state.objectives.count
      try advance(&state)
      if state.objectives.count > before { try report(state.objectives) }
    }
    return Outcome(factors: state.accepted, objectives: state.objectives, converged: state.isConverged)
  }
}
