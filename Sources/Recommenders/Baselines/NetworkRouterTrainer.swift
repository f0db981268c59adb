import NumericKernels
import RoutingData

/// Trains RouterEval's LinearR and MLPR: networks from a query's embedding to its selection vector.
///
/// One network for each pool, fitted by binary cross-entropy with Adam and a cosine schedule
/// (RouterEval, arXiv 2503.10657, `test_router.py`).
public struct NetworkRouterTrainer: RouterTrainer {
  /// What lies between the embedding and the logits.
  public enum Kind: String, CaseIterable, Sendable {
    /// Nothing: one affine layer.
    case linear
    /// Two hidden layers of 256 rectified linear units.
    case mlp

    var hiddenWidths: [Int] { self == .linear ? [] : [256, 256] }
  }

  /// How long and in what steps a network is trained.
  public enum Preset: String, CaseIterable, Sendable {
    /// The published settings: one query a step; `linear` 10 epochs from 0.01, `mlp` 100 epochs from 0.0001.
    case paper
    /// 32 queries a step and 10 epochs, or more where these are fewer steps than the kind needs.
    ///
    /// Chosen on validation queries of MMLU-Pro and GSM8K and on synthetic data, by μ and squared error.
    case fast
  }

  /// The name of its routers.
  public let name: String
  /// What lies between the embedding and the logits.
  public let kind: Kind
  private let batchSize: Int
  private let rate: Double
  private let epochs: Int
  private let minimumSteps: Int
  private let seed: UInt64

  /// A trainer; the seed decides the first weights and the order of the queries.
  ///
  /// `name` is by default that of the kind, with `:paper` for that preset; `epochs` replaces the preset's.
  public init(_ kind: Kind, preset: Preset = .fast, name: String? = nil, epochs: Int? = nil, seed: UInt64 = 0)
  {
    self.kind = kind
    self.name = name ?? (preset == .fast ? kind.rawValue : "\(kind.rawValue):\(preset.rawValue)")
    self.seed = seed
    let published = kind == .linear ? 10 : 100
    switch preset {
    case .paper:
      (batchSize, rate) = (1, kind == .linear ? 0.01 : 0.0001)
      (self.epochs, minimumSteps) = (epochs ?? published, 0)
    case .fast:
      (batchSize, rate) = (32, kind == .linear ? 0.02 : 0.0003)
      self.epochs = epochs ?? 10
      minimumSteps = epochs != nil ? 0 : kind == .linear ? 500 : 1_500
    }
  }

  /// Checks the train queries; there is nothing to learn before a pool is known.
  ///
  /// - Throws: `DataError` for no train query, or embeddings that are not finite.
  public func prepare(_ train: QueryBatch) throws -> PoolTrainer {
    guard !train.queries.isEmpty else {
      throw DataError("router '\(name)': benchmark '\(train.benchmark)' has no train queries")
    }
    guard train.embeddings.isFinite else {
      throw DataError(
        "router '\(name)': an embedding of benchmark '\(train.benchmark)' holds a value that is not finite")
    }
    return { try router($0) }
  }

  /// The training for a number of queries, at least 1.
  func training(queries: Int) -> NetworkTraining {
    let stepsPerEpoch = (queries + batchSize - 1) / batchSize
    let enough = (minimumSteps + stepsPerEpoch - 1) / stepsPerEpoch
    return NetworkTraining(epochs: max(epochs, enough), batchSize: batchSize, rate: rate, seed: seed)
  }

  /// The router of a pool.
  ///
  /// - Throws: `DataError` for a candidate without any label, or a training that diverged.
  private func router(_ pool: PoolTrainingSet) throws(DataError) -> NetworkRouter {
    var isLabelled = [Bool](repeating: false, count: pool.llms.count)
    var rows: [Int] = []
    for row in 0..<pool.labels.rows {
      var isUseful = false
      for (column, label) in pool.labels.row(row).enumerated() where !label.isNaN {
        isLabelled[column] = true
        isUseful = true
      }
      if isUseful { rows.append(row) }
    }
    if let column = isLabelled.firstIndex(of: false) {
      throw DataError(
        "router '\(name)': LLM '\(pool.llms[column])' has no response to a train query of benchmark "
          + "'\(pool.train.benchmark)'; leave it out of the pool")
    }
    let dimensions = pool.train.embeddings.columns
    var generator = SeededGenerator(seed: seed, stream: "network/weights")
    var network = FeedForwardNetwork(
      widths: [dimensions] + kind.hiddenWidths + [pool.llms.count], using: &generator)
    let isWhole = rows.count == pool.labels.rows
    training(queries: rows.count).train(
      &network, inputs: isWhole ? pool.train.embeddings : pool.train.embeddings.selecting(rows: rows),
      labels: isWhole ? pool.labels : pool.labels.selecting(rows: rows))
    guard network.isFinite else {
      throw DataError(
        "router '\(name)': training on benchmark '\(pool.train.benchmark)' diverged; scale the embeddings "
          + "to lengths near 1")
    }
    return NetworkRouter(
      name: name, network: network,
      columns: Dictionary(zip(pool.llms, pool.llms.indices), uniquingKeysWith: { first, _ in first }))
  }
}
