import FileFormats
import NumericKernels
import Routing
import RoutingData

/// What a trainer sees of a dataset: the train and validation parts of the chosen benchmarks, never the test part.
public struct TrainingData: Sendable {
  /// One benchmark.
  public struct Block: Sendable {
    /// The benchmark's name.
    public let benchmark: String
    /// The catalogue's index of each of its LLMs.
    public let llms: [Int]
    /// The part to learn from.
    public let train: Observations
    /// The part to choose hyper-parameters on.
    public let validation: Observations
    /// Pools of 3, 5 and 10 LLMs, as far as there are so many, chosen on the train queries; columns of the block.
    public let validationPools: [CandidatePool]
    /// Reads the texts of all queries of the benchmark; nil where there are none.
    let loadPrompts: @Sendable () throws(FileError) -> [String]?
  }

  /// The candidates of one pool of one benchmark, which routers of that pool learn from alone.
  public struct Pool: Sendable {
    /// The benchmark's name.
    public let benchmark: String
    /// The candidates in the pool's order, as columns of the benchmark.
    public let llms: [Int]

    /// Candidates of a pool.
    public init(benchmark: String, llms: [Int]) {
      self.benchmark = benchmark
      self.llms = llms
    }
  }

  /// What happens to LLMs and train queries without any response.
  public enum EmptyRule: Sendable {
    /// An error that names the first one.
    case refuse
    /// They are left out.
    case skip
    /// They stay; so do responses that are all the same.
    case keep
  }

  private static let poolSizes = [3, 5, 10]

  /// The names of all LLMs of the dataset.
  public let llmNames: [String]
  /// The benchmarks, at least one.
  public let blocks: [Block]
  /// The LLMs of all blocks, as places in the catalogue: ascending, or in the order of the pool.
  public let llms: [Int]
  /// The encoder of the embeddings; nil where there are none.
  public let encoder: String?
  /// The hash of the dataset; nil for one that is not in a folder.
  public let datasetHash: String?
  /// What is known of all LLMs of the dataset, in the order of `llmNames`.
  public let catalog: LLMCatalog
  /// The train queries as models take them: their embeddings, standardized.
  public let features: TrainFeatures
  /// How many answers to train queries are held out to validate on, where there are no embeddings; else 0.
  public var heldOutCount: Int {
    hasEmbeddings ? 0 : blocks.reduce(0) { $0 + $1.validation.cells.observedCount }
  }
  /// Whether the queries have embeddings.
  public var hasEmbeddings: Bool { blocks[0].train.embeddings.columns > 0 }
  /// How many LLMs and train queries were left out because they have no response.
  public let skipped: (llms: Int, queries: Int)

  /// Gathers the parts of some benchmarks (all where none is named), or those of one pool.
  ///
  /// With `withoutEmbeddings`, and where no benchmark has any, a tenth of the answers to train queries is held out in the
  /// place of the validation part, see `HeldOutCells`, and the queries have no features.
  ///
  /// - Throws: `DataError` for an unknown benchmark or encoder, an empty train part, embeddings of
  ///   different lengths, an LLM or train query without a response (unless they are to be skipped or kept), or
  ///   train responses that are all the same; `FileError` for embeddings that can't be read or are not finite.
  public init(
    _ dataset: Dataset, benchmarks names: [String] = [], encoder wanted: String? = nil, pool: Pool? = nil,
    empty: EmptyRule = .refuse, withoutEmbeddings: Bool = false
  ) throws {
    let chosen = try dataset.benchmarks(named: pool.map { [$0.benchmark] } ?? names).map {
      try $0.withoutZeroWeights()
    }
    let hasNone = withoutEmbeddings && wanted == nil && chosen.allSatisfy { $0.queries.embeddings.isEmpty }
    let encoder = hasNone ? nil : try dataset.encoder(wanted, for: chosen)
    guard !chosen.isEmpty else { throw DataError("the dataset has no benchmark to train on") }
    let inPool = pool.map { pool in Set(pool.llms.map { chosen[0].llms[$0] }) }
    let silent = empty == .keep ? [] : Self.silentLLMs(of: chosen).filter { inPool?.contains($0) ?? true }
    if empty == .refuse, let llm = silent.min() {
      throw DataError(
        "LLM '\(dataset.catalog.names[llm])' has no response to a train query, so nothing can be learned of it: "
          + "leave such LLMs out with --skip-empty")
    }
    var blocks: [Block] = []
    var skippedQueries = 0
    for benchmark in chosen {
      let embeddings =
        try encoder.map { try benchmark.embeddings(encoder: $0) }
        ?? Matrix(rows: benchmark.queries.count, columns: 0)
      let widths = encoder.flatMap { benchmark.widths(of: $0) }
      if let first = blocks.first, first.train.embeddings.columns != embeddings.columns {
        throw DataError(
          "embeddings of '\(first.benchmark)' have \(first.train.embeddings.columns) dimensions, "
            + "those of '\(benchmark.name)' \(embeddings.columns)")
      }
      if let first = blocks.first, first.train.queries.widths != widths ?? [embeddings.columns] {
        throw DataError(
          "encoders side by side have other dimensions in '\(first.benchmark)' than in '\(benchmark.name)'"
        )
      }
      let columns = (pool?.llms ?? Array(benchmark.llms.indices)).filter {
        !silent.contains(benchmark.llms[$0])
      }
      let (block, skipped) = try Self.block(
        benchmark.selecting(llms: columns), embeddings: embeddings, encoder: encoder, empty: empty)
      skippedQueries += skipped
      blocks.append(block)
    }
    self.init(
      blocks, catalog: dataset.catalog, llms: pool == nil ? nil : blocks[0].llms, encoder: encoder,
      datasetHash: dataset.hash, skipped: (silent.count, skippedQueries))
    guard empty == .keep || hasDifferentResponses else {
      throw DataError("all train responses are the same: there is nothing to learn")
    }
  }

  /// The train part alone of one pool, whatever its LLMs answered: for routers that are trained again for each pool.
  ///
  /// `queries` are the train queries of the benchmark with their features, gathered once for all of its pools.
  public init(_ pool: Pool, of benchmark: Benchmark, catalog: LLMCatalog, queries known: TrainQueries) {
    let queries = known.batch
    precondition(pool.benchmark == benchmark.name, "a pool of '\(pool.benchmark)' for '\(benchmark.name)'")
    precondition(
      queries.rows == benchmark.split.queries(in: .train), "queries that are not the train queries")
    let responses = ResponseMatrix(
      benchmark.responses.selecting(queries: queries.rows ?? []).selecting(llms: pool.llms).cells
        .withoutZeroWeights)
    let nothing = Observations(
      queries.selecting([]), cells: responses.selecting(queries: []).cells)
    let block = Block(
      benchmark: benchmark.name, llms: pool.llms.map { benchmark.llms[$0] },
      train: Observations(queries, cells: responses.cells), validation: nothing, validationPools: [],
      loadPrompts: { () throws(FileError) in try benchmark.loadPrompts() })
    self.init(
      [block], catalog: catalog, llms: block.llms, encoder: queries.encoder, datasetHash: nil,
      skipped: (0, 0),
      features: known.features)
  }

  private init(
    _ blocks: [Block], catalog: LLMCatalog, llms: [Int]?, encoder: String?, datasetHash: String?,
    skipped: (llms: Int, queries: Int), features: TrainFeatures? = nil
  ) {
    self.blocks = ObservationWeights.normalized(blocks)
    self.features =
      features
      ?? TrainFeatures(
        blocks.map(\.train.embeddings), widths: blocks.first?.train.queries.widths)
    self.catalog = catalog
    self.llms = llms ?? Set(blocks.flatMap(\.llms)).sorted()
    self.encoder = encoder
    self.datasetHash = datasetHash
    self.skipped = skipped
    llmNames = catalog.names
  }

  /// The LLMs, by their place in the catalogue, that answered no train query of any benchmark.
  private static func silentLLMs(of benchmarks: [Benchmark]) -> Set<Int> {
    var silent: Set<Int> = []
    var heard: Set<Int> = []
    for benchmark in benchmarks {
      let train = benchmark.split.queries(in: .train)
      // Benchmarks without a train query are refused later, by their name.
      guard let observed = benchmark.responses.cells.observed, !train.isEmpty else {
        heard.formUnion(benchmark.llms)
        continue
      }
      for (column, count) in observed.selecting(rows: train).columnCounts().enumerated() {
        if count > 0 { heard.insert(benchmark.llms[column]) } else { silent.insert(benchmark.llms[column]) }
      }
    }
    return silent.subtracting(heard)
  }

  private static func block(
    _ benchmark: Benchmark, embeddings: Matrix, encoder: String?, empty: EmptyRule
  ) throws(DataError) -> (block: Block, skippedQueries: Int) {
    var train = benchmark.split.queries(in: .train)
    guard !train.isEmpty else { throw DataError("benchmark '\(benchmark.name)' has no train queries") }
    var skipped = 0
    if empty != .keep, let observed = benchmark.responses.cells.observed {
      let answered = train.filter { observed.rowCount($0) > 0 }
      if empty == .refuse, answered.count < train.count, let query = Set(train).subtracting(answered).min() {
        throw DataError(
          "query \(query) of benchmark '\(benchmark.name)' is a train query without a response: "
            + "leave such queries out with --skip-empty")
      }
      skipped = train.count - answered.count
      train = answered
      guard !train.isEmpty else {
        throw DataError("benchmark '\(benchmark.name)' has no train query with a response")
      }
    }
    func part(_ rows: [Int]) -> Observations {
      Observations(
        benchmark.batch(of: rows, embeddings: embeddings, encoder: encoder),
        cells: benchmark.responses.selecting(queries: rows).cells)
    }
    var known = part(train)
    let validation: Observations
    if embeddings.columns == 0 {
      let cells = HeldOutCells(known.cells, benchmark: benchmark.name)
      validation = Observations(known.queries, cells: cells.held)
      known = Observations(known.queries, cells: cells.kept)
    } else {
      validation = part(benchmark.split.queries(in: .validation))
    }
    let block = Block(
      benchmark: benchmark.name, llms: benchmark.llms, train: known, validation: validation,
      // A query of which a tenth of the answers is known says nothing of a pool.
      validationPools: embeddings.columns == 0
        ? [] : try pools(of: benchmark.name, train: known, validation: validation),
      loadPrompts: { () throws(FileError) in try benchmark.loadPrompts() })
    return (block, skipped)
  }

  /// The pools to validate on, chosen on the answers to the train queries at hand.
  private static func pools(
    of benchmark: String, train: Observations, validation: Observations
  ) throws(DataError) -> [CandidatePool] {
    guard validation.cells.observedCount > 0 else { return [] }
    let construction = PoolConstruction(ResponseMatrix(train.cells), of: benchmark)
    var pools: [CandidatePool] = []
    for size in poolSizes where size <= construction.eligible.count {
      for group in CandidateGroup.allCases {
        pools.append(try construction.pool(size: size, group: group, seed: 0))
      }
    }
    return pools
  }

  /// The same data with some of the train queries alone, given by block as places in its train part.
  ///
  /// Pools to validate on are chosen anew: those of all train queries know answers that are held out.
  ///
  /// - Throws: `DataError` where no pool can be chosen.
  package func selecting(trainQueries places: [[Int]]) throws(DataError) -> TrainingData {
    var parts: [Block] = []
    for (block, own) in zip(blocks, places) {
      let train = Observations(
        block.train.queries.selecting(own), cells: block.train.cells.selecting(rows: own))
      // Without pools there is no validation by pools, as in the data of one pool.
      let pools =
        block.validationPools.isEmpty
        ? [] : try Self.pools(of: block.benchmark, train: train, validation: block.validation)
      parts.append(
        Block(
          benchmark: block.benchmark, llms: block.llms, train: train, validation: block.validation,
          validationPools: pools, loadPrompts: block.loadPrompts))
    }
    return TrainingData(
      parts, catalog: catalog, llms: llms, encoder: encoder, datasetHash: datasetHash, skipped: skipped)
  }

  /// The same train part with nothing to validate on.
  package var withoutValidation: TrainingData {
    let parts = blocks.map { block in
      Block(
        benchmark: block.benchmark, llms: block.llms, train: block.train,
        validation: Observations(
          block.validation.queries.selecting([]), cells: block.validation.cells.selecting(rows: [])),
        validationPools: [], loadPrompts: block.loadPrompts)
    }
    return TrainingData(
      parts, catalog: catalog, llms: llms, encoder: encoder, datasetHash: datasetHash, skipped: skipped,
      features: features)
  }

  /// Whether two observed train responses differ.
  private var hasDifferentResponses: Bool {
    var first: Float?
    for block in blocks {
      let responses = ResponseMatrix(block.train.cells)
      for query in 0..<responses.queryCount {
        for llm in 0..<responses.llmCount {
          guard let value = responses[query, llm] else { continue }
          if let first, first != value { return true }
          first = value
        }
      }
    }
    return false
  }

  /// Throws where no two LLMs' train responses to a query differ by at least a margin.
  package func requirePair(margin: Float) throws(DataError) {
    for block in blocks {
      let responses = ResponseMatrix(block.train.cells)
      for query in 0..<responses.queryCount {
        var (least, most) = (Float.infinity, -Float.infinity)
        for llm in 0..<responses.llmCount {
          guard let value = responses[query, llm] else { continue }
          (least, most) = (min(least, value), max(most, value))
          if most - least >= margin { return }
        }
      }
    }
    throw DataError("no two LLMs differ on a train query: there are no pairs to learn from")
  }

  /// The number of train queries.
  public var trainQueryCount: Int { blocks.reduce(0) { $0 + $1.train.count } }

  /// The number of observed responses to train queries.
  public var trainResponseCount: Int { blocks.reduce(0) { $0 + $1.train.cells.observedCount } }

  /// How many factors to use: as many as asked for, but no more than the smaller side of the data has rows.
  public func rank(ofFactors factors: Int) -> Int { min(factors, llms.count, trainQueryCount) }

  /// Throws for more factors than even the larger side of the data has rows.
  public func require(factors: Int) throws(DataError) {
    guard factors <= max(llms.count, trainQueryCount) else {
      throw DataError(
        "\(factors) factors for \(llms.count) LLMs and \(trainQueryCount) train queries: give --factors at most "
          + "\(min(llms.count, trainQueryCount))")
    }
  }
}
