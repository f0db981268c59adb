import Learning
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

  /// It can: queries have weights of their own.
  package static var learnsWithoutEmbeddings: Bool { true }

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
