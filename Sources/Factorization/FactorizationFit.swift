import Learning
import NumericKernels
import RoutingData

/// A factorization in progress; an epoch is a sweep over all query rows and all LLM rows.
package struct FactorizationFit: TrainingFit {
  private let mapped: MappedFactors
  private let sweeps: AcceleratedSweeps
  private let responses: Double
  private var run: AcceleratedSweeps.State

  /// A fit that begins at some factors of the LLMs and train queries of `mapped`.
  init(_ mapped: MappedFactors, _ sweeps: AcceleratedSweeps, from start: BiasedFactors) {
    self.mapped = mapped
    self.sweeps = sweeps
    responses = mapped.trainWeight
    run = AcceleratedSweeps.State(start: start)
  }

  /// One sweep; the objective is that before it.
  package mutating func advance() throws -> Double {
    try sweeps.advance(&run)
    return (run.objectives.last ?? .nan) / responses
  }

  /// Whether the last sweep lowered the objective too little.
  package var isFinished: Bool { run.isConverged }

  /// Guessed from how the steps shrink.
  package var expectedEpochs: Double? {
    AcceleratedSweeps.expectedSweeps(
      after: run.objectives, tolerance: sweeps.tolerance, maximum: sweeps.maximumSweeps)
  }

  /// The model in principal axes; a final one has the ridge of its map chosen, and standard errors where the
  /// solver knows them.
  package func model(isFinal: Bool) throws -> FittedModel<FactorModel> {
    let factors = try sweeps.solver.completed(run.accepted.inPrincipalAxes())
    return try mapped.model(
      factors, standardErrors: isFinal ? sweeps.solver.standardErrors(of: factors) : nil, isFinal: isFinal)
  }

  /// The factors, the point of the next sweep, the momentum and the objectives.
  package var state: TensorBundle {
    var bundle = TensorBundle(numbers: [
      "momentum": [run.momentum], "objectives": run.objectives, "converged": [run.isConverged ? 1 : 0],
    ])
    run.accepted.save(as: "accepted", to: &bundle)
    run.point.save(as: "point", to: &bundle)
    return bundle
  }

  /// Takes up a saved state.
  package mutating func restore(_ state: TensorBundle) throws(DataError) {
    run.accepted = try run.accepted.restored(from: state, as: "accepted")
    run.point = try run.point.restored(from: state, as: "point")
    run.momentum = try state.number("momentum")
    run.objectives = state.numbers["objectives"] ?? []
    run.isConverged = try state.number("converged") == 1
  }
}
