import Learning
import NumericKernels
import RoutingData

/// Factors the centred responses by a randomized truncated decomposition, and trains the map from embeddings.
///
/// See `LeastSquaresSpectrum`; missing cells count as their query's and LLM's means predict. A calibration makes
/// probabilities of the scores.
package struct SVDTrainer: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  package static let algorithm = "svd"

  /// One sentence for help texts.
  package static let summary = "randomized truncated singular value decomposition of the centred responses"

  /// The number of latent factors, k; at most as many as there are LLMs or train queries are used.
  package var factors = 32
  /// What is taken off each singular value.
  package var shrinkage = 0.0
  /// λ of the biases.
  package var biasL2 = 0.1
  /// The ridge on the weights of the embedding map.
  package var ridge = Choice.auto
  /// The seed of the random projection.
  package var seed: UInt64 = 42

  /// A trainer with the default settings.
  package init() {}

  /// Every hyper-parameter.
  package static let settings: [Setting<SVDTrainer>] = [
    .integer(
      "factors", \.factors, placeholder: "K", in: 1...4096, help: "number of latent factors",
      search: .words(["4", "8", "16", "32", "64"])),
    .number(
      "shrinkage", \.shrinkage, in: .nonnegative, help: "what is taken off each singular value",
      search: .logUniform(0.1, 100)),
    .choice(
      "ridge", \.ridge,
      help:
        "ridge of the map from standardized embeddings, whose typical length is 1, to query factors; auto "
        + "chooses by log-loss on the validation queries"),
    .number(
      "bias-l2", \.biasL2, in: .positive, help: "penalty on the biases", search: .logUniform(0.01, 10)),
  ]

  /// It can: queries have factors of their own.
  package static var learnsWithoutEmbeddings: Bool { true }

  /// One: the solution has a closed form.
  package var maximumEpochs: Int { 1 }

  /// Begins a fit.
  ///
  /// - Throws: `DataError` for a ridge that can't be chosen; `NumericalError`.
  package func start(on data: TrainingData) throws -> SVDFit { try SVDFit(self, on: data) }
}

/// A truncated decomposition; one epoch does all of it, the objective is half the mean squared error.
package struct SVDFit: TrainingFit {
  private let mapped: MappedFactors
  private let trainer: SVDTrainer
  private var factors: BiasedFactors
  /// Whether the decomposition is done.
  package private(set) var isFinished = false

  init(_ trainer: SVDTrainer, on data: TrainingData) throws {
    mapped = try MappedFactors(data, for: SVDTrainer.algorithm, ridge: trainer.ridge, scale: .arbitrary)
    self.trainer = trainer
    factors = BiasedFactors(
      factors: data.rank(ofFactors: trainer.factors), queryCounts: data.blocks.map(\.train.cells.rows),
      llmCount: mapped.llms.count)
  }

  /// Decomposes; the objective is that of the factors found.
  package mutating func advance() throws -> Double {
    let blocks = mapped.responses
    factors = try LeastSquaresSpectrum(blocks: blocks, llmCount: mapped.llms.count, seed: trainer.seed)
      .spectrum(rank: factors.factors, biasL2: Float(trainer.biasL2))
      .factors(factors.factors, shrinkage: Float(trainer.shrinkage))
    isFinished = true
    var loss = 0.0
    for (index, block) in blocks.enumerated() {
      loss += SquaredResiduals(
        block.cells, rows: factors.queries[index], columns: factors.llms.selecting(rows: block.llms)
      ).loss()
    }
    return loss / mapped.trainWeight
  }

  /// The model in principal axes; a final one has the ridge of its map chosen.
  package func model(isFinal: Bool) throws -> FittedModel<FactorModel> {
    try mapped.model(factors.inPrincipalAxes(), isFinal: isFinal)
  }

  /// The factors, and whether they are found.
  package var state: TensorBundle {
    var bundle = TensorBundle(numbers: ["finished": [isFinished ? 1 : 0]])
    factors.save(as: "factors", to: &bundle)
    return bundle
  }

  /// Takes up a saved state.
  package mutating func restore(_ state: TensorBundle) throws(DataError) {
    factors = try factors.restored(from: state, as: "factors")
    isFinished = try state.number("finished") == 1
  }
}
