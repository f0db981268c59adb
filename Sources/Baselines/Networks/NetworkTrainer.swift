import Learning
import NumericKernels
import Routing
import RoutingData

/// What lies between the embedding and the logits of a network.
package protocol NetworkShape: Sendable {
  /// The name of the algorithm.
  static var algorithm: String { get }
  /// One sentence for help texts.
  static var summary: String { get }
  /// The widths of the hidden layers.
  static var hiddenWidths: [Int] { get }
  /// The passes over the queries and the learning rate that RouterEval's code has.
  static var published: (epochs: Int, rate: Double) { get }
  /// The learning rate of larger steps, and how many of them are enough.
  static var fast: (rate: Double, steps: Int) { get }
}

/// One affine layer: RouterEval's LinearR.
package enum LinearShape: NetworkShape {
  package static let algorithm = "linear"
  package static let summary = "an affine map from the embedding to a logit for each LLM, by Adam"
  package static let hiddenWidths: [Int] = []
  package static let published = (epochs: 10, rate: 0.01)
  package static let fast = (rate: 0.02, steps: 500)
}

/// Two hidden layers of 256 rectified linear units: RouterEval's MLPR.
package enum PerceptronShape: NetworkShape {
  package static let algorithm = "mlp"
  package static let summary =
    "two hidden layers of 256 units from the embedding to a logit for each LLM, by Adam"
  package static let hiddenWidths = [256, 256]
  package static let published = (epochs: 100, rate: 0.0001)
  package static let fast = (rate: 0.0003, steps: 1_500)
}

/// How long and in what steps a network is trained.
package enum NetworkPreset: String, CaseIterable, Sendable {
  /// 32 queries a step and 10 epochs, or more where these are fewer steps than the shape needs.
  ///
  /// Chosen on validation queries of MMLU-Pro and GSM8K and on synthetic data, by μ and squared error.
  case fast
  /// The published settings: one query a step; `linear` 10 epochs from 0.01, `mlp` 100 epochs from 0.0001.
  case paper
}

/// Trains RouterEval's LinearR and MLPR: networks from a query's embedding to its selection vector.
///
/// Fitted by binary cross-entropy with Adam and a cosine schedule (RouterEval, arXiv 2503.10657, `test_router.py`).
package struct NetworkTrainer<Shape: NetworkShape>: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  package static var algorithm: String { Shape.algorithm }

  /// One sentence for help texts.
  package static var summary: String { Shape.summary }

  /// The candidates of one pool.
  package static var scope: TrainingScope { .pool }

  /// `linear:PRESET`.
  package static var shorthand: String? { "preset" }

  /// What the other settings stand at where nobody gives them.
  package var preset = NetworkPreset.fast
  /// Passes over the train queries; nil for the preset's.
  package var epochs: Int?
  /// The queries of a step; nil for the preset's.
  package var batchSize: Int?
  /// The first learning rate; nil for the preset's.
  package var rate: Double?
  /// The seed of the first weights and the order of the queries.
  package var seed: UInt64 = 0

  /// A trainer with the default settings.
  package init() {}

  /// Every hyper-parameter.
  package static var settings: [Setting<NetworkTrainer>] {
    [
      .word(
        "preset", \.preset, placeholder: "PRESET",
        help: "what the other settings stand at where they are not given"),
      .integer(
        "epochs", \.epochs, none: "preset", in: 1...100_000,
        help: "passes over the train queries; the learning rate falls to 0 in the last",
        search: .words(["5", "10", "20", "40"])),
      .integer(
        "batch-size", \.batchSize, none: "preset", in: 1...65_536, help: "queries of a step",
        search: .words(["16", "32", "64", "128"])),
      .number(
        "rate", \.rate, none: "preset", in: .positive, help: "first learning rate",
        search: .logUniform(1e-4, 1e-1)),
    ]
  }

  /// As many as the schedule of a fit has, which knows the number of queries.
  package var maximumEpochs: Int { .max }

  /// Slower steps, or shorter embeddings.
  package var remedyForDivergence: String {
    "choose a smaller --rate, or scale the embeddings to lengths near 1"
  }

  /// The schedule for a number of queries, at least 1.
  func schedule(queries: Int) -> NetworkSchedule {
    switch preset {
    case .paper:
      return NetworkSchedule(
        epochs: epochs ?? Shape.published.epochs, batchSize: batchSize ?? 1,
        rate: rate ?? Shape.published.rate, seed: seed)
    case .fast:
      let batchSize = batchSize ?? 32
      let stepsPerEpoch = (queries + batchSize - 1) / batchSize
      let enough = (Shape.fast.steps + stepsPerEpoch - 1) / stepsPerEpoch
      return NetworkSchedule(
        epochs: epochs ?? max(10, enough), batchSize: batchSize, rate: rate ?? Shape.fast.rate, seed: seed)
    }
  }

  /// Begins a fit.
  ///
  /// - Throws: `DataError` for no train query, an embedding that is not finite, or an LLM without any label.
  package func start(on data: TrainingData) throws -> NetworkFit<Shape> {
    for block in data.blocks { try block.train.queries.requireTrainable(by: Self.algorithm) }
    return try NetworkFit(self, on: data)
  }
}
