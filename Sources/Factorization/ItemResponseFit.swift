import Learning
import RoutingData

/// An item response model in progress; an epoch is a sweep over all LLMs and all queries.
package struct ItemResponseFit: TrainingFit {
  private let mapped: MappedFactors
  private let solver: ItemResponseSolver
  private let families: [Int]
  private let seed: UInt64
  private let tolerance: Double
  private var reached: ItemResponseState
  private var objectives: [Double] = []

  init(
    _ mapped: MappedFactors, _ solver: ItemResponseSolver, from start: ItemResponseState, families: [Int],
    seed: UInt64, tolerance: Double
  ) {
    self.mapped = mapped
    self.solver = solver
    self.families = families
    self.seed = seed
    self.tolerance = tolerance
    reached = start
  }

  /// One sweep; the objective is that on its way.
  package mutating func advance() throws -> Double {
    objectives.append(try solver.sweep(&reached))
    return (objectives.last ?? .nan) / mapped.trainWeight
  }

  /// Whether the last sweep lowered the objective too little.
  ///
  /// The objective counts no change of the priors, so that it can rise by a little on the way.
  package var isFinished: Bool {
    guard objectives.count > 1 else { return false }
    let (last, before) = (objectives[objectives.count - 1], objectives[objectives.count - 2])
    return abs(before - last) <= tolerance * abs(last)
  }

  /// Guessed from how the steps shrink.
  package var expectedEpochs: Double? {
    AcceleratedSweeps.expectedSweeps(after: objectives, tolerance: tolerance, maximum: 1_000_000)
  }

  /// The model along the axes on which queries differ most.
  package func model(isFinal: Bool) throws -> FittedModel<FactorModel> {
    let placed = try PlacedItemResponses(
      solver, at: reached, families: families, intervalsUpTo: isFinal ? .max : nil, seed: seed)
    return try mapped.model(
      placed.factors, standardErrors: placed.llmStandardErrors, newLLM: placed.newLLM, isFinal: isFinal)
  }

  /// Everything that a sweep changes.
  package var state: TensorBundle {
    var bundle = TensorBundle(numbers: ["objectives": objectives])
    reached.save(to: &bundle)
    return bundle
  }

  /// Takes up a saved state.
  package mutating func restore(_ state: TensorBundle) throws(DataError) {
    reached = try reached.restored(from: state)
    objectives = state.numbers["objectives"] ?? []
  }
}
