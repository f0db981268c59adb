import FileFormats
import NumericKernels
import Recommenders
import RoutingData

/// The routers of a run, from their specifications: loaded once, trained for each pool where they need to be.
public struct RouterSuite: Sendable {
  private enum Member: Sendable {
    case fixed(any Router)
    case trained(any RouterTrainer)
    case file(ScoresFile, ScoresFileRouter.Meaning)
  }

  private let members: [Member]
  /// The routers as a run's configuration names them.
  public let entries: [RunConfiguration.RouterEntry]
  /// The hash of the dataset that each model was trained on, where it says one.
  public let modelDatasets: [String]
  /// The encoder that the models were trained with; nil where there is no model, or it needs none.
  public let modelEncoder: String?
  /// Whether a router looks at embeddings.
  public let needsEmbeddings: Bool

  /// Loads models and scores files; `benchmarks` are those of the run, over `dataset`'s catalogue.
  ///
  /// - Throws: `DataError` for a router twice or models of several encoders; `FileError` for a model
  ///   folder or scores file that does not read.
  public init(
    _ specifications: [RouterSpecification], benchmarks: [Benchmark], of dataset: Dataset, seed: UInt64
  ) throws {
    var members: [Member] = []
    var entries: [RunConfiguration.RouterEntry] = []
    var models: [FactorModel] = []
    for specification in specifications {
      var sha256: String?
      let member: Member
      switch specification.kind {
      case .oracle: member = .fixed(OracleRouter(benchmarks, catalog: dataset.catalog))
      case .random: member = .fixed(RandomRouter())
      case .bestSingle: member = .fixed(BestSingleRouter(benchmarks, catalog: dataset.catalog))
      case .mix(let share):
        member = .fixed(
          try MixRouter(
            oracleShare: share, name: specification.text, benchmarks, catalog: dataset.catalog))
      case .knn(let count):
        member = .trained(NearestNeighbourRouterTrainer(name: specification.text, count: count))
      case .cluster(let count):
        member = .trained(
          ClusterRouterTrainer(.kMeans, name: specification.text, count: count, seed: seed))
      case .gmm(let count):
        member = .trained(
          ClusterRouterTrainer(.gaussianMixture, name: specification.text, count: count, seed: seed))
      case .linear(let preset):
        member = .trained(
          NetworkRouterTrainer(.linear, preset: preset, name: specification.text, seed: seed))
      case .mlp(let preset):
        member = .trained(
          NetworkRouterTrainer(.mlp, preset: preset, name: specification.text, seed: seed))
      case .model(let path):
        let model = try ModelFolder.read(path)
        sha256 = try ModelFolder.digest(of: path)
        models.append(model)
        member = .fixed(model)
      case .scores(let path):
        sha256 = try SHA256.hexDigest(ofFile: path)
        member = .file(try ScoresFile(path: path), .scores)
      case .mlc(let path):
        sha256 = try SHA256.hexDigest(ofFile: path)
        member = .file(try ScoresFile(path: path), .logits)
      }
      members.append(member)
      entries.append(RunConfiguration.RouterEntry(router: specification.text, sha256: sha256))
    }
    let encoders = Set(models.compactMap(\.training.encoder))
    guard encoders.count <= 1 else {
      throw DataError(
        "the models need embeddings of several encoders: \(encoders.sorted().joined(separator: ", "))")
    }
    self.members = members
    self.entries = entries
    modelEncoder = encoders.first
    modelDatasets = models.compactMap(\.training.datasetHash)
    needsEmbeddings = specifications.contains(where: \.needsEmbeddings)
  }

  /// The files of scores that were made elsewhere.
  public var scoresFiles: [String] {
    members.compactMap { if case .file(let file, _) = $0 { file.path } else { nil } }
  }

  /// Throws for more than one cell and a scores file that can't tell them apart.
  public func requireScores(forCells count: Int) throws(FileError) {
    guard count > 1 else { return }
    for case .file(let file, _) in members where file.isForOnePool {
      throw FileError(
        file.path,
        "holds the scores of one pool, the run has \(count): choose one with --benchmarks, --pools and "
          + "--groups, or use an .npz with an array <benchmark>/<m>/<group> for each")
    }
  }

  /// What makes the routers of a benchmark's cells; `embeddings` are those of all its queries, queries × d.
  ///
  /// - Throws: `DataError` for train queries that nothing can be learned from.
  public func prepare(_ benchmark: Benchmark, embeddings: Matrix) throws -> CellRouters {
    let queries = benchmark.split.queries(in: .train)
    let train = QueryBatch(
      benchmark: benchmark.name, queries: queries, embeddings: embeddings.selecting(rows: queries),
      subscenarios: benchmark.queries.subscenarioNames(of: queries))
    let makers = try members.map { try Self.maker($0, train) }
    let needsTraining = members.contains { if case .trained = $0 { true } else { false } }
    return { cell in
      // One training set serves all routers of the cell.
      let set =
        needsTraining
        ? PoolTrainingSet(cell.benchmark, train: train, llmNames: cell.llmNames, columns: cell.pool.llms)
        : nil
      return try makers.compactMap { try $0(cell, set) }
    }
  }

  /// Makes one router of a cell; nil only for one that needs a training set where there is none.
  private typealias Maker = @Sendable (EvaluationCell, PoolTrainingSet?) throws -> (any Router)?

  private static func maker(_ member: Member, _ train: QueryBatch) throws -> Maker {
    switch member {
    case .fixed(let router): return { _, _ in router }
    case .file(let file, let meaning):
      return { cell, _ in
        try file.router(
          for: cell.benchmark, llmNames: cell.llmNames, pool: cell.pool, part: cell.measured.part,
          meaning: meaning)
      }
    case .trained(let trainer):
      let make = try trainer.prepare(train)
      return { _, set in try set.map(make) }
    }
  }
}
