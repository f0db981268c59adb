import FileFormats
import Learning
import NumericKernels
import RoutingData

/// A two-tower model in training; an epoch goes once through the train queries, the objective is the mean loss.
package struct TwoTowerFit: TrainingFit {
  private let data: TrainingData
  private let solver: TwoTowerSolver
  /// What features are multiplied by.
  private let scale: Float
  private let subscenarios: [QueryTower.Subscenario]
  /// Whether the first weights are a model that later ones have to beat.
  package let beginsTrained: Bool
  /// Whether the fit itself says when it ends.
  private let endsItself: Bool
  private var network: TwoTowerNetwork
  private var optimizer: NetworkOptimizer<TwoTowerNetwork>
  private var epochs = 0

  init(_ trainer: TwoTowerTrainer, on data: TrainingData) throws {
    let llms = data.llms
    let subscenarios = trainer.subscenarios == .none ? [] : Self.subscenarios(of: data)
    let blocks = Self.blocks(data, subscenarios: subscenarios)
    var features = Matrix(rows: llms.count, columns: 0)
    if !trainer.ignoresMetadata {
      features =
        LLMFeatures.matrix(fields: data.catalog.fields, metadata: llms.map { data.catalog.metadata[$0] })
        .values
    }
    self.data = data
    self.subscenarios = subscenarios
    endsItself = trainer.epochs == nil
    let batches = blocks.reduce(0) { $0 + ($1.cells.rows + trainer.batchSize - 1) / trainer.batchSize }
    // Elements of mean square 1, so that a learning rate means the same with any number of features.
    scale = Float(data.features.standard.columns.count).squareRoot()
    network = TwoTowerStart(
      factors: trainer.factors, hidden: trainer.hidden, activation: trainer.activation,
      isNormalized: trainer.isNormalized, subscenarios: trainer.subscenarios,
      temperature: trainer.temperature, seed: trainer.seed
    ).network(
      dimensions: data.features.standard.columns.count, subscenarioCount: subscenarios.count,
      featureCount: features.columns, means: Self.means(blocks, llmCount: llms.count),
      benchmarkCount: blocks.count)
    let solution =
      trainer.beginsAtLogisticMF || trainer.distillation > 0
      ? try LogisticMFSolution(factors: trainer.factors, seed: trainer.seed, on: data) : nil
    if trainer.beginsAtLogisticMF, let solution {
      try network.begin(at: solution.model, embeddingScale: scale)
    }
    beginsTrained = trainer.beginsAtLogisticMF && trainer.loss == .bce
    optimizer = NetworkOptimizer(network)
    solver = TwoTowerSolver(
      blocks: blocks, embeddingScale: scale, features: features,
      options: TwoTowerSolver.Options(
        loss: trainer.loss, epochs: trainer.epochs(ofBatches: batches),
        pretrainEpochs: trainer.pretrainEpochs,
        batchSize: trainer.batchSize, rate: trainer.rate,
        weightDecay: trainer.weightDecay(queries: data.trainQueryCount),
        warmUp: trainer.warmUp, dropout: Float(trainer.dropout), teacherWeight: Float(trainer.distillation),
        seed: trainer.seed),
      teacher: trainer.distillation > 0 ? solution?.teacher(on: data) : nil)
  }

  private static func blocks(
    _ data: TrainingData, subscenarios: [QueryTower.Subscenario]
  ) -> [TwoTowerSolver.Block] {
    let llms = data.llms
    let places = Dictionary(uniqueKeysWithValues: zip(llms, llms.indices))
    let rows = Dictionary(uniqueKeysWithValues: zip(subscenarios, subscenarios.indices))
    return data.blocks.indices.map { index in
      let (block, features) = (data.blocks[index], data.features.blocks[index])
      return TwoTowerSolver.Block(
        cells: block.train.cells, embeddings: features,
        subscenarios: (block.train.queries.subscenarios ?? []).map {
          rows[QueryTower.Subscenario(benchmark: Name(block.benchmark), name: Name($0))]
        },
        llms: block.llms == llms ? nil : block.llms.compactMap { places[$0] },
        benchmark: data.blocks.count > 1 ? index : nil)
    }
  }

  /// The sub-scenarios of the train queries, in the order of benchmarks and then of names.
  private static func subscenarios(of data: TrainingData) -> [QueryTower.Subscenario] {
    data.blocks.flatMap { block in
      Set((block.train.queries.subscenarios ?? []).map(Name.init)).sorted().map {
        QueryTower.Subscenario(benchmark: Name(block.benchmark), name: $0)
      }
    }
  }

  /// The mean observed response of each LLM of the tower; 1/2 for one without any.
  static func means(_ blocks: [TwoTowerSolver.Block], llmCount: Int) -> [Double] {
    var sums = [LossSum](repeating: LossSum(), count: llmCount)
    for block in blocks {
      let rows = block.cells.rows
      let weights = block.cells.weights.map { _ in block.cells.sums().columns.column(1).map(Double.init) }
      let counts =
        block.cells.observed?.columnCounts() ?? Array(repeating: rows, count: block.cells.columns)
      for (column, mean) in ResponseMatrix(block.cells).llmMeans().enumerated() {
        let count = weights?[column] ?? Double(counts[column])
        sums[block.llms?[column] ?? column] += LossSum(total: (mean ?? 0) * count, terms: count)
      }
    }
    return sums.map { $0.terms > 0 ? $0.mean : 0.5 }
  }

  /// One epoch; the objective is not finite where training has diverged.
  package mutating func advance() throws -> Double {
    let sum = solver.epoch(epochs, &network, &optimizer)
    epochs += 1
    return network.isFinite ? sum.mean : .infinity
  }

  /// Whether the learning rate has fallen to 0, where nobody gave a number of epochs.
  package var isFinished: Bool { endsItself && epochs >= solver.options.epochs }

  /// The epochs of the schedule.
  package var expectedEpochs: Double? { Double(solver.options.epochs) }

  /// Whether the last epoch fitted binary cross-entropy and a later one will fit another loss.
  package var isPreparing: Bool {
    solver.loss(ofEpoch: epochs - 1) != solver.options.loss
      && solver.options.pretrainEpochs < solver.options.epochs
  }

  /// The towers as they stand, the temperature as part of the LLM factors.
  ///
  /// Scores are log-odds where binary cross-entropy was fitted; those of other losses are calibrated.
  package func model(isFinal: Bool) throws -> FittedModel<FactorModel> {
    let vectors = network.llm.vectors(features: solver.features, of: nil)
    let plain = try FactorModel(
      data.identity(TwoTowerTrainer.algorithm), llmFactors: vectors.weights.scaled(by: network.scale),
      llmBiases: vectors.biases,
      queryEncoder: QueryTower(
        network.query.taking(unscaled: scale), subscenarios: subscenarios,
        benchmarks: data.blocks.count > 1 ? data.blocks.map(\.benchmark) : []))
    let isLogOdds = solver.loss(ofEpoch: max(epochs, 1) - 1) == .bce
    let model = isLogOdds ? plain : try plain.calibrated(on: data)
    return isFinal ? try model.orMeans(on: data, chosen: [:]) : FittedModel(model)
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
