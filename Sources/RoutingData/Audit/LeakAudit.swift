import FileFormats
import NumericKernels

/// What of a dataset is in it more than once, so that a test would measure memory instead of judgement, or stands
/// so far out that it alone could decide.
///
/// Finds equal prompts in two splits, sub-scenarios or benchmarks; equal embeddings in two splits; embeddings of
/// outlying length; and LLMs that answer nearly alike.
public struct LeakAudit: Codable, Equatable, Sendable {
  /// How to search.
  public struct Options: Sendable {
    /// The least share of common queries in which two LLMs must answer alike to be reported.
    public var agreement = 0.995
    /// The least number of common queries: fewer say nothing of two LLMs.
    public var minimumCommon = 50
    /// How many examples and pairs of LLMs to name for each benchmark.
    public var examples = 5

    /// The defaults.
    public init() {}
  }

  /// One query, by all that names it.
  public struct QueryName: Codable, Equatable, Sendable {
    /// Its benchmark.
    public let benchmark: String
    /// Its row in the benchmark, from 0.
    public let row: Int
    /// The source's own id, where it has one.
    public let id: String?
    /// Its sub-scenario.
    public let subscenario: String
    /// `train`, `validation` or `test`.
    public let split: String

    /// A query of a benchmark.
    init(_ benchmark: Benchmark, row: Int, id: String?) {
      self.benchmark = benchmark.name
      self.row = row
      self.id = id
      subscenario = benchmark.queries.subscenarioNames[benchmark.queries.subscenarios[row]]
      split = benchmark.split.parts[row].name
    }
  }

  /// Two queries with one prompt.
  public struct Example: Codable, Equatable, Sendable {
    /// The earlier query.
    public let first: QueryName
    /// The later query.
    public let second: QueryName
  }

  /// Equal prompts inside one benchmark.
  public struct PromptFinding: Codable, Equatable, Sendable {
    /// The benchmark.
    public let benchmark: String
    /// The number of its queries.
    public let queries: Int
    /// Whether the prompts are known; without them nothing is found.
    public let hasPrompts: Bool
    /// Pairs of queries with equal prompts.
    public var pairs = 0
    /// Those of them in two splits.
    public var pairsAcrossSplits = 0
    /// Those of them in two sub-scenarios.
    public var pairsAcrossSubscenarios = 0
    /// Test queries whose prompt is also that of a train query.
    public var testInTrain = 0
    /// Test queries whose prompt is also that of a validation query.
    public var testInValidation = 0
    /// Some pairs, those across splits first.
    public var examples: [Example] = []
  }

  /// Equal prompts in two sub-scenarios of a benchmark, or in two benchmarks.
  public struct OverlapFinding: Codable, Equatable, Sendable {
    /// The benchmark or `benchmark/sub-scenario` that comes first.
    public let first: String
    /// The other one.
    public let second: String
    /// Queries of the first whose prompt is in the second.
    public let firstQueries: Int
    /// Queries of the second whose prompt is in the first.
    public let secondQueries: Int
    /// One pair.
    public let example: Example
  }

  /// Equal embeddings in two splits of a benchmark.
  public struct EmbeddingFinding: Codable, Equatable, Sendable {
    /// The benchmark.
    public let benchmark: String
    /// The encoder.
    public let encoder: String
    /// Pairs of queries in two splits with equal embeddings.
    public var pairsAcrossSplits = 0
    /// Test queries whose embedding is also that of a train query.
    public var testInTrain = 0
  }

  /// Embeddings of a benchmark whose length is far from that of the others, see `OutlyingNorms`.
  public struct NormFinding: Codable, Equatable, Sendable {
    /// One query.
    public struct Row: Codable, Equatable, Sendable {
      /// The query.
      public let query: QueryName
      /// The length of its embedding.
      public let norm: Double
      /// How many robust standard deviations the logarithm of its length is from the median; nil for length 0.
      public let score: Double?
    }

    /// The benchmark.
    public let benchmark: String
    /// The encoder.
    public let encoder: String
    /// The median length.
    public let medianNorm: Double
    /// The number of outlying queries.
    public var outlying = 0
    /// The farthest ones.
    public var top: [Row] = []
  }

  /// LLMs of a benchmark that answer nearly alike.
  public struct LLMFinding: Codable, Equatable, Sendable {
    /// Two LLMs.
    public struct Pair: Codable, Equatable, Sendable {
      /// The earlier LLM's name.
      public let first: String
      /// The later LLM's name.
      public let second: String
      /// The share of common queries with equal responses.
      public let agreement: Double
      /// The queries that both answered.
      public let commonQueries: Int
    }

    /// The benchmark.
    public let benchmark: String
    /// The number of its LLMs.
    public let llms: Int
    /// Pairs that agree at least as often as asked for.
    public let pairs: Int
    /// The LLMs in these pairs.
    public let llmsInPairs: Int
    /// LLMs that are right, or wrong, so nearly always that their agreement says nothing.
    public let uniformLLMs: Int
    /// The pairs that agree most.
    public let top: [Pair]
  }

  /// The least share of equal responses of a reported pair of LLMs.
  public var agreement: Double
  /// One for each benchmark.
  public var prompts: [PromptFinding] = []
  /// Sub-scenarios of one benchmark that share prompts.
  public var subscenarioOverlaps: [OverlapFinding] = []
  /// Benchmarks that share prompts.
  public var benchmarkOverlaps: [OverlapFinding] = []
  /// One for each encoder of each benchmark.
  public var embeddings: [EmbeddingFinding] = []
  /// One for each encoder of each benchmark.
  public var norms: [NormFinding] = []
  /// One for each benchmark.
  public var llms: [LLMFinding] = []

  /// The number of findings that can make a test easier than it seems, or one query decide it.
  public var findings: Int {
    prompts.reduce(0) { $0 + $1.pairsAcrossSplits } + subscenarioOverlaps.count + benchmarkOverlaps.count
      + embeddings.reduce(0) { $0 + $1.pairsAcrossSplits } + norms.reduce(0) { $0 + $1.outlying }
      + llms.reduce(0) { $0 + $1.pairs }
  }

  /// Examines a dataset.
  ///
  /// - Parameter progress: told of the share done, from 0 to 1.
  /// - Throws: `FileError` or `DataError` for prompts or embeddings that can't be read.
  /// - Complexity: one pass over prompts and embeddings; m²/2 comparisons of m LLMs, see `ColumnAgreement`.
  public init(
    _ dataset: Dataset, options: Options = Options(), progress: (Double) -> Void = { _ in }
  ) throws {
    agreement = options.agreement
    var repeated = RepeatedPrompts(dataset.benchmarks, examples: options.examples)
    for (index, benchmark) in dataset.benchmarks.enumerated() {
      let ids = try benchmark.loadIDs()
      try repeated.add(index, ids: ids)
      for encoder in benchmark.queries.embeddings.keys.sortedAsNames() {
        let matrix = try benchmark.embeddings(encoder: encoder)
        embeddings.append(RepeatedEmbeddings.finding(benchmark, encoder: encoder, matrix))
        norms.append(
          OutlyingNorms.finding(
            benchmark, encoder: encoder, matrix, ids: ids, examples: options.examples))
      }
      llms.append(Self.nearDuplicates(benchmark, in: dataset, options))
      progress(Double(index + 1) / Double(dataset.benchmarks.count))
    }
    (prompts, subscenarioOverlaps, benchmarkOverlaps) = repeated.findings()
  }

  private static func nearDuplicates(_ benchmark: Benchmark, in dataset: Dataset, _ options: Options)
    -> LLMFinding
  {
    let names = dataset.llmNames(of: benchmark)
    let found = ColumnAgreement.pairs(
      of: benchmark.responses.cells, threshold: options.agreement, minimumCommon: options.minimumCommon,
      keeping: options.examples)
    // Two independent LLMs with such means would agree as often by chance.
    let margin = (1 - options.agreement) / 2
    let uniform = benchmark.responses.llmMeans().filter {
      $0.map { $0 <= margin || $0 >= 1 - margin } ?? false
    }
    return LLMFinding(
      benchmark: benchmark.name, llms: benchmark.llms.count, pairs: found.count,
      llmsInPairs: found.columns.count, uniformLLMs: uniform.count,
      top: found.top.map {
        LLMFinding.Pair(
          first: names[$0.first], second: names[$0.second], agreement: $0.agreement, commonQueries: $0.common)
      })
  }
}
