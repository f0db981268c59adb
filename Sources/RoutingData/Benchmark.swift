import FileFormats
import NumericKernels

/// A benchmark: its queries, the LLMs that answered them, the responses and the split.
public struct Benchmark: Sendable {
  /// The name, unique in its dataset.
  public private(set) var name: String
  /// The queries, rows of the response matrix.
  public private(set) var queries: QuerySet
  /// The catalogue's index of each column of the response matrix.
  public private(set) var llms: [Int]
  /// The graded answers, queries × LLMs.
  public private(set) var responses: ResponseMatrix
  /// Which queries train, validate and test.
  public private(set) var split: Split
  /// Pools that were published with the data; empty where there are none.
  public private(set) var publishedPools: [CandidatePool]
  /// Where the prompts are: in memory (an import) or in a dataset folder's file, read on request.
  public private(set) var prompts: PromptSource
  /// The benchmarks that it was mixed from; nil for any other.
  public private(set) var mix: BenchmarkMix?

  /// The accuracy of the reference LLM that came with the data; nil where RouterEval's counts.
  public private(set) var givenReference: Double?

  /// What each answer cost, queries × LLMs in any unit: at least 0, NaN where it is not known; nil where nobody says any.
  public private(set) var costs: Matrix?

  /// The accuracy of the reference LLM, given with the data or else RouterEval's, the divisor of V_R; nil for an unknown benchmark.
  ///
  /// Of a mixed benchmark it is the mean over its queries, nil where one of its benchmarks has none.
  public var referenceAccuracy: Double? { referenceAccuracy(over: nil) }

  /// The same for some of the queries, or all, which matters where they come from several benchmarks.
  public func referenceAccuracy(over queries: [Int]?) -> Double? {
    guard let mix else { return givenReference ?? ReferenceAccuracy.values[name] }
    let rows = queries ?? Array(self.queries.subscenarios.indices)
    var sum = 0.0
    for part in mix.parts {
      let count = rows.count(where: part.rows.contains)
      guard count > 0 else { continue }
      guard let own = part.benchmark.referenceAccuracy else { return nil }
      sum += Double(count) * own
    }
    return rows.isEmpty ? nil : sum / Double(rows.count)
  }

  /// A benchmark from parts that fit together.
  ///
  /// - Throws: `DataError` for parts of different lengths or shapes or an empty benchmark.
  public init(
    name: String, queries: QuerySet, llms: [Int], responses: ResponseMatrix, split: Split,
    publishedPools: [CandidatePool] = [], prompts: PromptSource = .none, mix: BenchmarkMix? = nil,
    givenReference: Double? = nil, costs: Matrix? = nil
  ) throws(DataError) {
    self.name = name
    self.queries = queries
    self.llms = llms
    self.responses = responses
    self.split = split
    self.publishedPools = publishedPools
    self.prompts = prompts
    self.mix = mix
    self.givenReference = givenReference
    self.costs = costs
    try requireFit()
  }

  /// This benchmark with some of its parts changed; what is not given stays.
  ///
  /// Every benchmark that is made of another one is made by this, so that none loses what it does not speak of. Published
  /// pools and costs go by columns: who changes the columns gives them too. `costs: .some(nil)` takes the costs away.
  ///
  /// - Throws: `DataError` as the initializer.
  public func with(
    queries: QuerySet? = nil, llms: [Int]? = nil, responses: ResponseMatrix? = nil, split: Split? = nil,
    publishedPools: [CandidatePool]? = nil, prompts: PromptSource? = nil, givenReference: Double? = nil,
    costs: Matrix?? = .none
  ) throws(DataError) -> Benchmark {
    var copy = self
    if let queries { copy.queries = queries }
    if let llms { copy.llms = llms }
    if let responses { copy.responses = responses }
    if let split { copy.split = split }
    if let publishedPools { copy.publishedPools = publishedPools }
    if let prompts { copy.prompts = prompts }
    if let givenReference { copy.givenReference = givenReference }
    if let costs { copy.costs = costs }
    try copy.requireFit()
    return copy
  }

  private func requireFit() throws(DataError) {
    guard responses.queryCount > 0, responses.llmCount > 0 else {
      throw DataError("benchmark '\(name)' has no responses")
    }
    guard queries.count == responses.queryCount else {
      throw DataError("benchmark '\(name)': \(queries.count) queries, responses for \(responses.queryCount)")
    }
    guard llms.count == responses.llmCount else {
      throw DataError("benchmark '\(name)': \(llms.count) LLMs, responses of \(responses.llmCount)")
    }
    guard split.parts.count == queries.count else {
      throw DataError("benchmark '\(name)': a split of \(split.parts.count) queries for \(queries.count)")
    }
    guard costs.map({ $0.rows == queries.count && $0.columns == llms.count }) ?? true else {
      throw DataError(
        "benchmark '\(name)': costs of shape \(costs?.shapeText ?? ""), for \(queries.count) queries and \(llms.count) LLMs"
      )
    }
  }
}

/// The texts of a benchmark's queries.
public enum PromptSource: Sendable {
  /// No prompts are known.
  case none
  /// Prompts in memory, one for each query.
  case memory([String])
  /// A dataset folder's JSON Lines file of ids, sub-scenarios and prompts, see `QueryTexts`.
  case file(String)
}

/// The accuracies that RouterEval divides μ by for V_R.
public enum ReferenceAccuracy {
  /// By RouterEval's benchmark names (arXiv 2503.10657, its published code).
  public static let values: [String: Double] = [
    "arc": 0.852, "hellaswag": 0.953, "mmlu": 0.864, "truthfulqa": 0.669, "winogrande": 0.875,
    "gsm8k": 0.92, "ifeval": 0.7689, "bbh": 0.8303, "gpqa": 0.397, "math": 0.4, "musr": 0.699,
    "mmlu_pro": 0.637,
  ]
}

extension Benchmark {
  /// The encoders whose embeddings of its queries there are.
  public var encoders: Set<String> {
    guard let mix else { return Set(queries.embeddings.keys) }
    let own = mix.parts.map(\.benchmark.encoders)
    return own.dropFirst().reduce(own.first ?? []) { $0.intersection($1) }
  }
}

extension Benchmark {
  /// The benchmark with some of its LLMs, given as columns; published pools are left out unless all LLMs stay.
  public func selecting(llms columns: [Int]) throws(DataError) -> Benchmark {
    guard columns != Array(llms.indices) else { return self }
    return try with(
      llms: columns.map { llms[$0] }, responses: responses.selecting(llms: columns), publishedPools: [],
      costs: costs?.selecting(columns: columns))
  }
}
