import Learning
import NumericKernels
import RoutingData

/// Trains multidimensional item response theory by empirical Bayes and the map from embeddings to the queries' weights.
///
/// Its penalties are learned from the responses, and it knows how sure it is of every query: so it can place an LLM
/// that it never saw by a few answers. See `ItemResponseSolver`.
package struct ItemResponseTrainer: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  package static let algorithm = "mirt"

  /// One sentence for help texts.
  package static let summary =
    "multidimensional item response theory with learned priors: places new LLMs by a few answers"

  /// The number of abilities, k; at most as many as there are LLMs or train queries are used.
  package var factors = 3
  /// The ridge on the weights of the embedding map.
  package var ridge = Choice.auto
  /// The largest number of sweeps.
  package var maximumSweeps = 60
  /// A sweep that lowers the objective by less than this share of it is the last.
  package var tolerance = 1e-4
  /// The seed of the randomized start.
  package var seed: UInt64 = 42

  /// A trainer with the default settings.
  package init() {}

  /// Every hyper-parameter.
  package static let settings: [Setting<ItemResponseTrainer>] = [
    .integer(
      "factors", \.factors, placeholder: "K", in: 1...256, help: "number of abilities of an LLM",
      search: .words(["1", "2", "4", "8", "16"])),
    .choice(
      "ridge", \.ridge,
      help:
        "ridge of the map from standardized embeddings, whose typical length is 1, to the queries' weights; auto "
        + "chooses by validation log-loss"),
    .integer("max-sweeps", \.maximumSweeps, in: 1...100_000, help: "sweeps at most"),
    .number(
      "tolerance", \.tolerance, in: .from(0, to: 1),
      help: "stop when a sweep lowers the objective by less than this share"),
  ]

  /// The largest number of sweeps.
  package var maximumEpochs: Int { maximumSweeps }

  /// Begins a fit at the singular vectors of the residuals of a model of biases only.
  ///
  /// - Throws: `DataError` for a ridge that can't be chosen; `NumericalError`.
  package func start(on data: TrainingData) throws -> ItemResponseFit {
    let mapped = try MappedFactors(data, for: Self.algorithm, ridge: ridge, scale: .logOdds)
    let solver = ItemResponseSolver(blocks: mapped.responses, llmCount: mapped.llms.count)
    return ItemResponseFit(
      mapped, solver, from: try solver.start(factors: data.rank(ofFactors: factors), seed: seed),
      families: data.catalog.families(of: mapped.llms).numbers, seed: seed, tolerance: tolerance)
  }
}

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
    let placed = try PlacedItemResponses(solver, at: reached, families: families, seed: seed)
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
