import FileFormats
import LinearAlgebra
import Recommenders
import RoutingData

/// The routers of a run, from their specifications: loaded once, trained for each pool where they need to be.
public struct RouterSuite: Sendable {
  private enum Member: Sendable {
    case fixed(any Router)
    case trained(any RouterTrainer)
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
    var models: [LogisticMFModel] = []
    for specification in specifications {
      var sha256: String?
      let member: Member
      switch specification.kind {
      case .oracle: member = .fixed(OracleRouter(benchmarks, catalog: dataset.catalog))
      case .random: member = .fixed(RandomRouter())
      case .bestSingle: member = .fixed(BestSingleRouter(benchmarks, catalog: dataset.catalog))
      case .model(let path):
        let model = try ModelFolder.read(path)
        sha256 = try ModelFolder.digest(of: path)
        models.append(model)
        member = .fixed(model)
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

  /// What makes the routers of a benchmark's cells; `embeddings` are those of all its queries, queries × d.
  ///
  /// - Throws: `DataError` for train queries that nothing can be learned from.
  public func prepare(_ benchmark: Benchmark, embeddings: Matrix) throws -> CellRouters {
    let queries = benchmark.split.queries(in: .train)
    let train = QueryBatch(
      benchmark: benchmark.name, queries: queries, embeddings: embeddings.selecting(rows: queries))
    let trainers: [PoolTrainer?] = try members.map { member in
      if case .trained(let trainer) = member { return try trainer.prepare(train) }
      return nil
    }
    return { cell in
      let needsTraining = trainers.contains { $0 != nil }
      let set =
        needsTraining
        ? PoolTrainingSet(cell.benchmark, train: train, llmNames: cell.llmNames, columns: cell.pool.llms)
        : nil
      return try zip(members, trainers).compactMap { member, trainer in
        if let trainer, let set { return try trainer(set) }
        switch member {
        case .fixed(let router): return router
        case .trained: return nil
        }
      }
    }
  }
}
