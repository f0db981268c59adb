import Foundation
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

  /// Sweeps from a start; `report` gets the objective before each sweep so far.
  func run(from start: BiasedFactors, report: ([Double]) throws -> Void) throws -> Outcome {
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
      try report(objectives)
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
