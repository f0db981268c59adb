import LinearAlgebra
import RoutingData

/// Trains a two-tower model: a network from query embeddings and one of LLMs, joined by a dot product.
public struct TwoTowerTrainer: Sendable {
  /// The name of the algorithm on the command line and in model folders.
  public static let algorithm = "two-tower"

  /// The number of factors, k.
  public var factors = 32
  /// The widths of the query tower's hidden layers, 3 at most; none makes it linear.
  public var hidden: [Int] = []
  /// What stands between the query tower's layers.
  public var activation = Activation.rectifier
  /// The share of hidden units dropped while training, in [0, 1).
  public var dropout = 0.0
  /// Whether hidden layers are normalized.
  public var isNormalized = false
  /// What the logits are fitted to.
  public var loss = ResponseLoss.bce
  /// Passes over the train queries.
  public var maximumEpochs = 20
  /// The first epochs, which fit binary cross-entropy whatever the loss.
  public var pretrainEpochs = 0
  /// The queries of a step.
  public var batchSize = 128
  /// The largest learning rate.
  public var rate = 1e-3
  /// The share of a weight that a step at rate 1 would take away.
  public var weightDecay = 0.0
  /// The share of all steps in which the learning rate rises, in [0, 1).
  public var warmUp = 0.05
  /// The first temperature, which is learned.
  public var temperature = 1.0
  /// The weight of logistic-mf's probabilities in the labels of binary cross-entropy, in [0, 1].
  public var distillation = 0.0
  /// What the query tower makes of sub-scenarios.
  public var subscenarios = SubscenarioUse.none
  /// Whether the LLM tower learns from metadata where the catalogue has any.
  public var usesMetadata = true
  /// The seed of the first weights, the order of queries and dropout.
  public var seed: UInt64 = 42

  /// The defaults.
  public init() {}

  /// Checks the data and makes the network to start from.
  public func start(on data: TrainingData) throws -> TwoTowerFit {
    let llms = Set(data.blocks.flatMap(\.llms)).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(llms, llms.indices))
    let scale = Self.unitScale(data.blocks.map(\.train.embeddings))
    let blocks = data.blocks.map { block in
      TwoTowerSolver.Block(
        target: block.train.target, embeddings: block.train.embeddings.scaled(by: scale),
        subscenarios: Array(repeating: nil, count: block.train.queries.count),
        llms: block.llms == llms ? nil : block.llms.compactMap { place[$0] })
    }
    let start = TwoTowerStart(
      factors: factors, hidden: hidden, activation: activation, isNormalized: isNormalized,
      subscenarios: subscenarios, temperature: temperature, seed: seed)
    let network = start.network(
      dimensions: data.blocks[0].train.embeddings.columns, subscenarioCount: 0, featureCount: 0,
      means: Self.means(blocks, llmCount: llms.count))
    let solver = TwoTowerSolver(
      blocks: blocks, features: Matrix(rows: llms.count, columns: 0),
      options: TwoTowerSolver.Options(
        loss: loss, epochs: maximumEpochs, pretrainEpochs: pretrainEpochs, batchSize: batchSize, rate: rate,
        weightDecay: weightDecay, warmUp: warmUp, dropout: Float(dropout),
        teacherWeight: Float(distillation), seed: seed))
    return TwoTowerFit(solver: solver, network: network)
  }

  /// The factor that brings the mean square of the embeddings' elements to 1, so that a learning rate means
  /// the same with any encoder.
  static func unitScale(_ parts: [Matrix]) -> Float {
    var squares = 0.0
    var count = 0
    for part in parts {
      for row in 0..<part.rows { squares += Double(BLAS.dot(part.row(row), part.row(row))) }
      count += part.storage.count
    }
    return squares > 0 ? Float((Double(count) / squares).squareRoot()) : 1
  }

  /// The mean observed response of each LLM of the tower; 1/2 for one without any.
  static func means(_ blocks: [TwoTowerSolver.Block], llmCount: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: llmCount)
    var weights = [Double](repeating: 0, count: llmCount)
    for block in blocks {
      let means = ResponseMatrix(block.target).llmMeans()
      let counts =
        block.target.observed?.columnCounts() ?? Array(repeating: block.target.rows, count: means.count)
      for (column, mean) in means.enumerated() {
        let llm = block.llms?[column] ?? column
        sums[llm] += (mean ?? 0) * Double(counts[column])
        weights[llm] += Double(counts[column])
      }
    }
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : 0.5 }
  }
}

/// A two-tower model in training, a value: a copy keeps the state.
public struct TwoTowerFit: Sendable {
  let solver: TwoTowerSolver
  private(set) var network: TwoTowerNetwork
  private var optimizer: NetworkOptimizer<TwoTowerNetwork>
  private var epochs = 0

  init(solver: TwoTowerSolver, network: TwoTowerNetwork) {
    self.solver = solver
    self.network = network
    optimizer = NetworkOptimizer(network)
  }

  /// One epoch; returns the mean loss over its terms, not finite where training has diverged.
  public mutating func advance() throws -> Double {
    let sum = solver.epoch(epochs, &network, &optimizer)
    epochs += 1
    return sum.mean
  }
}
