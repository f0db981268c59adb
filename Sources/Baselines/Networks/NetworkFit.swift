import Learning
import NumericKernels
import RoutingData

/// A network in training; an epoch goes once through the train queries that have a label.
package struct NetworkFit<Shape: NetworkShape>: TrainingFit {
  private let identity: RouterIdentity
  private let schedule: NetworkSchedule
  /// n × d.
  private let inputs: Matrix
  /// n × m; NaN where one is missing.
  private let labels: Matrix
  /// n × m; nil where all count 1.
  private let weights: Matrix?
  private var network: FeedForwardNetwork
  private var optimizer: NetworkOptimizer<FeedForwardNetwork>
  private var epochs = 0

  /// The queries at most that the objective looks at.
  private static var watched: Int { 256 }

  init(_ trainer: NetworkTrainer<Shape>, on data: TrainingData) throws(DataError) {
    // The published settings belong to embeddings as they are.
    let isRaw = trainer.preset == .paper
    identity = data.identity(Shape.algorithm, standard: isRaw ? nil : data.features.standard)
    let queries = LabelledQueries(
      data, inputs: isRaw ? data.blocks.map(\.train.embeddings) : data.features.blocks)
    var isLabelled = [Bool](repeating: false, count: queries.labels.columns)
    var rows: [Int] = []
    for row in 0..<queries.labels.rows {
      var isUseful = false
      for (column, label) in queries.labels.row(row).enumerated() where !label.isNaN {
        isLabelled[column] = true
        isUseful = true
      }
      if isUseful { rows.append(row) }
    }
    if let column = isLabelled.firstIndex(of: false) {
      throw DataError(
        "router '\(Shape.algorithm)': LLM '\(identity.llms[column])' has no response to a train query"
          + (data.blocks.count == 1 ? " of benchmark '\(data.blocks[0].benchmark)'" : "")
          + "; leave it out of the pool")
    }
    let isWhole = rows.count == queries.labels.rows
    inputs = isWhole ? queries.inputs : queries.inputs.selecting(rows: rows)
    labels = isWhole ? queries.labels : queries.labels.selecting(rows: rows)
    weights = isWhole ? queries.weights : queries.weights?.selecting(rows: rows)
    schedule = trainer.schedule(queries: rows.count)
    var generator = SeededGenerator(seed: trainer.seed, stream: "network/weights")
    network = FeedForwardNetwork(
      widths: [inputs.columns] + Shape.hiddenWidths + [labels.columns], using: &generator)
    optimizer = NetworkOptimizer(network)
  }

  /// One epoch; the objective is the mean loss of a sample of the train labels after it, not finite where training
  /// has diverged.
  package mutating func advance() throws -> Double {
    schedule.epoch(epochs, &network, &optimizer, inputs: inputs, labels: labels, weights: weights)
    epochs += 1
    guard network.isFinite else { return .infinity }
    // All queries would take a third of an epoch's time.
    let step = max((inputs.rows + Self.watched - 1) / Self.watched, 1)
    let sample = Array(stride(from: 0, to: inputs.rows, by: step))
    return BinaryCrossEntropy.meanLoss(
      logits: network.outputs(inputs.selecting(rows: sample)), labels: labels.selecting(rows: sample),
      weights: weights?.selecting(rows: sample))
  }

  /// Whether the learning rate has fallen to 0.
  package var isFinished: Bool { epochs >= schedule.epochs }

  /// The epochs of the schedule.
  package var expectedEpochs: Double? { Double(schedule.epochs) }

  /// The network as it stands.
  package func model(isFinal: Bool) throws -> FittedModel<NetworkRouter> {
    FittedModel(NetworkRouter(identity, network: network))
  }

  /// All parameters and their moments in the network's order, and the numbers of steps and epochs.
  package var state: TensorBundle {
    var bundle = optimizer.state(of: network)
    bundle.numbers["epochs"] = [Double(epochs)]
    return bundle
  }

  /// Takes up a saved state.
  package mutating func restore(_ state: TensorBundle) throws(DataError) {
    try optimizer.restore(state, to: &network)
    epochs = try state.count("epochs")
  }
}
