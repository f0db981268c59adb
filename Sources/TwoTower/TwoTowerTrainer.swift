import Learning
import NumericKernels
import RoutingData

/// Trains a two-tower model: a network from query embeddings and one of LLMs, joined by a dot product.
///
/// z = exp(s)·(q(x)·uⱼ) + cⱼ with a learned log-scale s; see `ResponseLoss` for what z is fitted to and
/// `TwoTowerSolver` for how.
package struct TwoTowerTrainer: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  package static let algorithm = "two-tower"

  /// One sentence for help texts.
  package static let summary =
    "a network from query embeddings and vectors of LLMs, joined by a dot product, by mini-batches of AdamW"

  /// Where training begins.
  package var firstWeights = FirstWeights.logisticMF
  /// The number of factors, k.
  package var factors = 32
  /// The widths of the query tower's hidden layers, 3 at most; none makes it linear.
  package var hidden = [128]
  /// What stands between the query tower's layers.
  package var activation = Activation.gaussian
  /// The share of hidden units dropped while training, in [0, 1).
  package var dropout = 0.2
  /// Whether hidden layers are normalized.
  package var isNormalized = false
  /// What the logits are fitted to.
  package var loss = ResponseLoss.bce
  /// Passes over the train queries; nil for 20, or as many more as give 600 steps.
  package var epochs: Int?
  /// The first epochs, which fit binary cross-entropy whatever the loss.
  package var pretrainEpochs = 5
  /// The queries of a step.
  package var batchSize = 64
  /// The largest learning rate.
  package var rate = 1e-3
  /// The share of a weight that a step at rate 1 takes away; nil for 300 over the root of the number of train queries.
  package var weightDecay: Double?
  /// The share of all steps in which the learning rate rises, in [0, 1).
  package var warmUp = 0.05
  /// The first temperature, which is learned.
  package var temperature = 1.0
  /// The weight of logistic-mf's probabilities in the labels of binary cross-entropy, in [0, 1].
  package var distillation = 0.0
  /// What the query tower makes of sub-scenarios.
  package var subscenarios = SubscenarioUse.none
  /// Whether the LLM tower learns nothing from the catalogue's metadata.
  package var ignoresMetadata = false
  /// The seed of the first weights, the order of queries and dropout.
  package var seed: UInt64 = 42

  /// The defaults, chosen on the validation queries of MMLU-Pro, GSM8K and answers of 1,991 LLMs to few queries.
  package init() {}

  /// The largest number of epochs; where it is not given, the fit says when it ends.
  package var maximumEpochs: Int {
    get { epochs ?? .max }
    set { epochs = newValue }
  }

  /// How many passes a fit of some batches in each makes.
  func epochs(ofBatches batches: Int) -> Int {
    let batches = max(batches, 1)
    return epochs ?? max(20, (Self.fewestSteps + batches - 1) / batches)
  }

  /// The decay for a number of train queries: few of them leave as many vectors of LLMs to be told apart.
  func weightDecay(queries: Int) -> Double {
    weightDecay ?? min(300 / Double(max(queries, 1)).squareRoot(), Self.mostDecayOfStep / rate)
  }

  /// Whether training begins at the solution of logistic-mf: a tower of one factor can't hold it.
  var beginsAtLogisticMF: Bool { firstWeights == .logisticMF && factors > 1 }

  private static let fewestSteps = 600
  /// What a step may take away of a weight at most, where the decay is not given.
  private static let mostDecayOfStep = 0.02

  /// Every hyper-parameter.
  package static let settings: [Setting<TwoTowerTrainer>] = [
    .word(
      "start", \.firstWeights,
      help:
        "where training begins: at the solution of logistic-mf, which is kept unless an epoch is better on "
        + "validation, or at random weights"),
    .integer(
      "factors", \.factors, placeholder: "K", in: 1...4096, help: "length of the towers' vectors",
      search: .words(["8", "16", "32", "64"])),
    .widths(
      "hidden", \.hidden, upTo: 3, in: 1...8192,
      help: "widths of the query tower's hidden layers, 3 at most; none makes it linear",
      search: .words(["none", "128", "256", "256,128"])),
    .word("activation", \.activation, help: "what stands between hidden layers", searched: true),
    .flag("layer-norm", \.isNormalized, help: "normalize hidden layers", searched: true),
    .number(
      "dropout", \.dropout, in: .from(0, to: 0.95), help: "share of hidden units dropped while training",
      search: .uniform(0, 0.5)),
    .word(
      "subscenario", \.subscenarios,
      help: "what the query tower makes of a query's sub-scenario, which has a vector of its own"),
    .flag("no-metadata", \.ignoresMetadata, help: "learn nothing from what the catalogue says of LLMs"),
    .word("loss", \.loss, help: "what scores are fitted to"),
    .integer(
      "pretrain-epochs", \.pretrainEpochs, in: 0...100_000,
      help: "first epochs that fit bce before another loss"),
    .number(
      "distill", \.distillation, in: .from(0, to: 1),
      help: "weight of logistic-mf's probabilities, fitted on the train queries, in the labels of bce",
      search: .uniform(0, 1)),
    .integer(
      "epochs", \.epochs, none: "auto", in: 1...100_000,
      help:
        "passes over the train queries; the learning rate falls to 0 in the last; auto is 20, or more where "
        + "these are fewer than 600 steps",
      search: .words(["10", "20", "40"])),
    .integer(
      "batch-size", \.batchSize, in: 1...65_536, help: "queries of a step",
      search: .words(["32", "64", "128", "256"])),
    .number(
      "rate", \.rate, in: .positive, help: "largest learning rate", search: .logUniform(1e-4, 1e-2)),
    .number(
      "warm-up", \.warmUp, in: .from(0, to: 0.95), help: "share of all steps in which the rate rises to that"),
    .number(
      "weight-decay", \.weightDecay, none: "auto", in: .nonnegative,
      help:
        "share of a weight that a step at rate 1 takes away; biases have none; auto is 300 over the root of the "
        + "number of train queries",
      search: .logUniform(1e-3, 10)),
    .number("temperature", \.temperature, in: .positive, help: "first temperature, which is learned"),
  ]

  /// Slower steps.
  package var remedyForDivergence: String {
    "choose a smaller --rate, or a --temperature and a --weight-decay nearer to their defaults"
  }

  /// Begins a fit at the solution of logistic-mf, or at random weights and the logits of the LLMs' means.
  ///
  /// - Throws: `DataError` for as many first epochs with `bce` as there are epochs, or a pairwise loss on data without
  ///   a pair; what logistic-mf throws, where it is needed.
  package func start(on data: TrainingData) throws -> TwoTowerFit {
    guard loss == .bce || pretrainEpochs < maximumEpochs else {
      throw DataError(
        "--pretrain-epochs \(pretrainEpochs) leave none of \(maximumEpochs) epochs for the loss '\(loss.rawValue)'"
      )
    }
    if loss == .pairwise { try data.requirePair(margin: .leastNonzeroMagnitude) }
    return try TwoTowerFit(self, on: data)
  }
}
