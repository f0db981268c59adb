import FileFormats
import NumericKernels
import RoutingData

/// What a trainer sees of a dataset: the train and validation parts of the chosen benchmarks, never the test part.
public struct TrainingData: Sendable {
  /// Responses and embeddings of one part of one benchmark.
  public struct Part: Sendable {
    /// The queries, as rows of the benchmark.
    public let queries: [Int]
    /// Their responses, queries × LLMs of the benchmark.
    public let cells: GradedCells
    /// Their embeddings, n × d.
    public let embeddings: Matrix
    /// The names of their sub-scenarios.
    public let subscenarios: [String]

    /// The queries as a router gets them.
    public func batch(of benchmark: String) -> QueryBatch {
      QueryBatch(
        benchmark: benchmark, queries: queries, embeddings: embeddings, subscenarios: subscenarios)
    }
  }

  /// One benchmark.
  public struct Block: Sendable {
    /// The benchmark's name.
    public let benchmark: String
    /// The catalogue's index of each of its LLMs.
    public let llms: [Int]
    /// The part to learn from.
    public let train: Part
    /// The part to choose hyper-parameters on.
    public let validation: Part
    /// Pools of 3, 5 and 10 LLMs, as far as there are so many, chosen on the train queries; columns of the block.
    public let validationPools: [CandidatePool]
  }

  /// What happens to LLMs and train queries without any response.
  public enum EmptyRule: Sendable {
    /// An error that names the first one.
    case refuse
    /// They are left out.
    case skip
  }

  private static let poolSizes = [3, 5, 10]

  /// The names of all LLMs of the dataset.
  public let llmNames: [String]
  /// The benchmarks, at least one.
  public let blocks: [Block]
  /// The encoder of the embeddings.
  public let encoder: String
  /// The hash of the dataset; nil for one that is not in a folder.
  public let datasetHash: String?
  /// What is known of all LLMs of the dataset, in the order of `llmNames`.
  public let catalog: LLMCatalog
  /// How many LLMs and train queries were left out because they have no response.
  public let skipped: (llms: Int, queries: Int)

  /// Gathers the parts of some benchmarks (all where none is named).
  ///
  /// - Throws: `DataError` for an unknown benchmark or encoder, an empty train part, embeddings of
  ///   different lengths, an LLM or train query without a response (unless they are to be skipped), or train
  ///   responses that are all the same; `FileError` for embeddings that can't be read or are not finite.
  public init(
    _ dataset: Dataset, benchmarks names: [String] = [], encoder wanted: String? = nil,
    empty: EmptyRule = .refuse
  ) throws {
    let chosen = try dataset.benchmarks(named: names)
    let encoder = try dataset.encoder(wanted, for: chosen)
    guard !chosen.isEmpty else { throw DataError("the dataset has no benchmark to train on") }
    let silent = Self.silentLLMs(of: chosen)
    if empty == .refuse, let llm = silent.min() {
      throw DataError(
        "LLM '\(dataset.catalog.names[llm])' has no response to a train query, so nothing can be learned of it: "
          + "leave such LLMs out with --skip-empty")
    }
    var blocks: [Block] = []
    var skippedQueries = 0
    for benchmark in chosen {
      let embeddings = try benchmark.embeddings(encoder: encoder)
      if let first = blocks.first, first.train.embeddings.columns != embeddings.columns {
        throw DataError(
          "embeddings of '\(first.benchmark)' have \(first.train.embeddings.columns) dimensions, "
            + "those of '\(benchmark.name)' \(embeddings.columns)")
      }
      let (block, skipped) = try Self.block(
        benchmark, keeping: benchmark.llms.indices.filter { !silent.contains(benchmark.llms[$0]) },
        embeddings: embeddings, empty: empty)
      skippedQueries += skipped
      blocks.append(block)
    }
    self.blocks = blocks
    self.encoder = encoder
    llmNames = dataset.catalog.names
    catalog = dataset.catalog
    datasetHash = dataset.hash
    skipped = (silent.count, skippedQueries)
    guard hasDifferentResponses else {
      throw DataError("all train responses are the same: there is nothing to learn")
    }
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
    _ whole: Benchmark, keeping columns: [Int], embeddings: Matrix, empty: EmptyRule
  ) throws(DataError) -> (block: Block, skippedQueries: Int) {
    let benchmark = try whole.selecting(llms: columns)
    var train = benchmark.split.queries(in: .train)
    guard !train.isEmpty else { throw DataError("benchmark '\(benchmark.name)' has no train queries") }
    var skipped = 0
    if let observed = benchmark.responses.cells.observed {
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
    func part(_ queries: [Int]) -> Part {
      Part(
        queries: queries, cells: benchmark.responses.selecting(queries: queries).cells,
        embeddings: embeddings.selecting(rows: queries),
        subscenarios: benchmark.queries.subscenarioNames(of: queries))
    }
    let validation = part(benchmark.split.queries(in: .validation))
    var pools: [CandidatePool] = []
    if validation.cells.observedCount > 0 {
      let construction = PoolConstruction(benchmark, from: .train)
      for size in poolSizes where size <= construction.eligible.count {
        for group in CandidateGroup.allCases {
          pools.append(try construction.pool(size: size, group: group, seed: 0))
        }
      }
    }
    let block = Block(
      benchmark: benchmark.name, llms: benchmark.llms, train: part(train), validation: validation,
      validationPools: pools)
    return (block, skipped)
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
  func requirePair(margin: Float) throws(DataError) {
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

  /// The LLMs of all blocks, as places in the catalogue, ascending.
  public var llms: [Int] { Set(blocks.flatMap(\.llms)).sorted() }

  /// The number of train queries.
  public var trainQueryCount: Int { blocks.reduce(0) { $0 + $1.train.queries.count } }

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
