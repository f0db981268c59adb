import LinearAlgebra
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
    /// Larger steps and fewer of them, chosen on validation queries to be no worse than `paper`.
    case fast
  }

  /// The name of its routers.
  public let name: String
  /// What lies between the embedding and the logits.
  public let kind: Kind
  private let training: NetworkTraining

  /// A trainer; the seed decides the first weights and the order of the queries.
  ///
  /// `name` is by default that of the kind, with `:paper` for that preset; `epochs` replaces the preset's.
  public init(_ kind: Kind, preset: Preset = .fast, name: String? = nil, epochs: Int? = nil, seed: UInt64 = 0)
  {
    self.kind = kind
    self.name = name ?? (preset == .fast ? kind.rawValue : "\(kind.rawValue):\(preset.rawValue)")
    let (published, batchSize, rate): (Int, Int, Double) =
      switch (kind, preset) {
      case (.linear, .paper): (10, 1, 0.01)
      case (.mlp, .paper): (100, 1, 0.0001)
      case (.linear, .fast): (20, 32, 0.02)
      case (.mlp, .fast): (10, 32, 0.0005)
      }
    training = NetworkTraining(
      epochs: epochs ?? published, batchSize: batchSize, rate: rate, seed: seed)
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
    var generator = SeededGenerator(seed: training.seed, stream: "network/weights")
    var network = FeedForwardNetwork(
      widths: [dimensions] + kind.hiddenWidths + [pool.llms.count], using: &generator)
    let isWhole = rows.count == pool.labels.rows
    training.train(
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
