import FileFormats
import Learning
import NumericKernels
import Routing
import RoutingData

/// The routers of a run, from their specifications: loaded once, trained for each pool where they need to be.
///
/// Here it is said who learns from what: routers of a pool from the train queries, and from nothing else.
public struct RouterSuite: Sendable {
  /// A router as a run's record names it.
  public struct Entry: Equatable, Sendable {
    /// The router as the user named it.
    public let router: String
    /// The SHA-256 of its files; nil where it has none.
    public let sha256: String?
  }

  private enum Member: Sendable {
    case fixed(any Router)
    case trained(any Trainer, name: String)
    case file(ScoresFile, ScoresFileRouter.Meaning, name: String)
  }

  private let members: [Member]
  private let catalog: LLMCatalog
  /// The routers in order.
  public let entries: [Entry]
  /// What the user should know of files of scores, one line each.
  public let notes: [String]
  /// The hash of the dataset that each model was trained on, where it says one.
  public let modelDatasets: [String]
  /// The encoder that the models were trained with; nil where there is no model, or it needs none.
  public let modelEncoder: String?
  /// Whether a router looks at embeddings.
  public let needsEmbeddings: Bool

  /// Loads models and scores files; `benchmarks` are those of the run, over `dataset`'s catalogue.
  ///
  /// - Throws: `DataError` for models of several encoders; `FileError` for a model folder or scores file that
  ///   does not read.
  public init(
    _ specifications: [RouterSpecification], benchmarks: [Benchmark], of dataset: Dataset, seed: UInt64
  ) throws {
    var members: [Member] = []
    var entries: [Entry] = []
    var models: [StoredModel] = []
    var notes: [String] = []
    for specification in specifications {
      switch specification.recipe {
      case .known(let make): members.append(.fixed(try make(benchmarks, dataset.catalog)))
      case .trained(var trainer):
        trainer.seed = seed
        members.append(.trained(trainer, name: specification.name))
      case .model(let path):
        let model = try ModelFolder.read(path)
        do throws(DataError) { try model.requireEncoders(of: dataset) } catch {
          throw FileError(path, error.description)
        }
        models.append(model)
        var router = model.router
        router.identity.name = specification.name
        members.append(.fixed(Self.routing(router, in: benchmarks)))
      case .scores(let path, let meaning):
        let file = try ScoresFile(path: path)
        guard benchmarks.count == 1 || !file.isForOneBenchmark else {
          throw FileError(
            path,
            "holds scores without query ids, which are those of one benchmark; the run has \(benchmarks.count): "
              + "choose one with --benchmarks, or give ids")
        }
        notes += try file.notes(on: benchmarks, catalog: dataset.catalog)
        members.append(.file(file, meaning, name: specification.name))
      }
      entries.append(Entry(router: specification.text, sha256: try specification.digest()))
    }
    let encoders = Set(models.compactMap(\.router.encoder).map(Name.init))
    guard encoders.count <= 1 else {
      throw DataError(
        "the models need embeddings of several encoders: "
          + encoders.sorted().map(\.text).joined(separator: ", "))
    }
    self.members = members
    self.entries = entries
    self.notes = notes
    catalog = dataset.catalog
    modelEncoder = encoders.first?.text
    modelDatasets = models.compactMap(\.record.datasetHash)
    needsEmbeddings =
      specifications.contains { specification in
        if case .model = specification.recipe { return false }
        return specification.needsEmbeddings
      } || models.contains { $0.router.encoder != nil }
  }

  /// A model, which sees each query of a mixed benchmark as one of its own.
  private static func routing(_ model: any StorableRouter, in benchmarks: [Benchmark]) -> any Router {
    benchmarks.lazy.compactMap { benchmark in
      benchmark.mix.map { OwnBenchmarkRouter(model, of: benchmark.name, mix: $0) }
    }.first ?? model
  }

  /// The files of scores that were made elsewhere.
  public var scoresFiles: [String] {
    members.compactMap { if case .file(let file, _, _) = $0 { file.path } else { nil } }
  }

  /// Throws for more than one cell and a scores file that can't tell them apart.
  public func requireScores(forCells count: Int) throws(FileError) {
    guard count > 1 else { return }
    for case .file(let file, _, _) in members where file.isForOnePool {
      throw FileError(
        file.path,
        "holds the scores of one pool, the run has \(count): choose one with --benchmarks, --pools and "
          + "--groups, name its columns (a CSV's header, or an array 'models' of an .npz) so that it serves every pool, or use "
          + "an .npz with an array <benchmark>/<m>/<group> for each")
    }
  }

  /// Throws what models and scores files would refuse of a benchmark's pools, before a run has begun.
  ///
  /// `embeddings` are asked for where there is a model. Cost: one query for each model and pool, and reading the files.
  public func requireRoutes(
    to pools: [CandidatePool], of benchmark: Benchmark, embeddings: () throws -> Matrix, encoder: String?,
    measured part: SplitPart
  ) throws {
    let all = benchmark.split.queries(in: part)
    let queries =
      benchmark.mix.map { mix in mix.parts.compactMap { all.first(where: $0.rows.contains) } }
      ?? Array(all.prefix(1))
    let models = members.compactMap { member -> (any Router)? in
      guard case .fixed(let router) = member else { return nil }
      return router is any StorableRouter || router is OwnBenchmarkRouter ? router : nil
    }
    let batch =
      try models.isEmpty
      ? nil : benchmark.batch(of: queries, embeddings: embeddings(), encoder: encoder)
    let llmNames = benchmark.llms.map { catalog.names[$0] }
    for pool in pools {
      let candidates = Candidates(
        pool.llms.map { llmNames[$0] }, trainMeans: benchmark.trainMeans(of: pool.llms).values)
      for model in models {
        if let batch {
          try model.scores(for: batch, among: candidates).check(of: model.name, for: batch, among: candidates)
        }
      }
      for case .file(let file, let meaning, let name) in members {
        _ = try file.router(
          for: benchmark, llmNames: llmNames, pool: pool, part: part, meaning: meaning, name: name)
      }
    }
  }

  /// What makes the routers of a benchmark's pools; `embeddings` are those of all its queries, queries × d.
  ///
  /// Scores files are read for the measured part.
  ///
  /// - Throws: `DataError` for train queries that nothing can be learned from.
  public func prepare(
    _ benchmark: Benchmark, embeddings: Matrix, encoder: String?, measured part: SplitPart
  ) throws -> PoolRouters {
    let train = TrainQueries(
      benchmark.batch(of: benchmark.split.queries(in: .train), embeddings: embeddings, encoder: encoder))
    let makers = try members.map { try maker($0, benchmark, train, part) }
    return { pool in try makers.map { try $0(pool) } }
  }

  private typealias Maker = @Sendable (CandidatePool) throws -> any Router

  private func maker(
    _ member: Member, _ benchmark: Benchmark, _ train: TrainQueries, _ part: SplitPart
  ) throws -> Maker {
    let catalog = catalog
    switch member {
    case .fixed(let router): return { _ in router }
    case .file(let file, let meaning, let name):
      let llmNames = benchmark.llms.map { catalog.names[$0] }
      return { pool in
        try file.router(
          for: benchmark, llmNames: llmNames, pool: pool, part: part, meaning: meaning, name: name)
      }
    case .trained(let trainer, let name):
      return try Self.trained(trainer, name, benchmark, catalog, train)
    }
  }

  private static func trained<T: Trainer>(
    _ trainer: T, _ name: String, _ benchmark: Benchmark, _ catalog: LLMCatalog, _ train: TrainQueries
  ) throws -> Maker {
    let trainer = try trainer.prepared(for: train)
    return { pool in
      let data = TrainingData(
        TrainingData.Pool(benchmark: benchmark.name, llms: pool.llms), of: benchmark, catalog: catalog,
        queries: train)
      var router = try TrainingRun(withoutValidation: trainer).train(on: data) { _ in }.router
      router.identity.name = name
      return router
    }
  }
}
