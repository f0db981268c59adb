import FileFormats

/// Several benchmarks over one catalogue of LLMs; each benchmark has the LLMs that answered it.
public struct Dataset: Sendable {
  /// Every LLM of every benchmark.
  public private(set) var catalog: LLMCatalog
  /// The benchmarks, in a fixed order, with unique names.
  public private(set) var benchmarks: [Benchmark]
  /// The SHA-256 that names this content; nil for a dataset that is not in a folder.
  public private(set) var hash: String?
  /// Where the data come from, such as the names of the imported files.
  public private(set) var sources: [String]
  /// What a synthetic generator knows of the data, by name such as `query_factors/mmlu`; empty for real data.
  public private(set) var truth: [String: NDArray]
  /// What routers did with queries of the benchmarks, with unique names.
  public private(set) var logs: [Log]
  /// What made the embeddings of an encoder that is a text featurizer, by the encoder's name.
  public private(set) var featurizers: [String: FeaturizerFile]

  /// A dataset from its parts.
  ///
  /// - Throws: `DataError` for two benchmarks or logs of one name, a column outside the catalogue, or a log that does not
  ///   fit its benchmark.
  public init(
    catalog: LLMCatalog, benchmarks: [Benchmark], hash: String? = nil, sources: [String] = [],
    truth: [String: NDArray] = [:], logs: [Log] = [],
    featurizers: [String: FeaturizerFile] = [:]
  ) throws(DataError) {
    self.catalog = catalog
    self.benchmarks = benchmarks
    self.hash = hash
    self.sources = sources
    self.truth = truth
    self.logs = logs
    self.featurizers = featurizers
    try requireFit()
  }

  /// This dataset with some of its parts changed; what is not given stays, but for the hash: it is other content.
  ///
  /// Every dataset that is made of another one is made by this, so that none loses what it does not speak of.
  ///
  /// - Throws: `DataError` as the initializer.
  public func with(
    catalog: LLMCatalog? = nil, benchmarks: [Benchmark]? = nil, hash: String? = nil,
    sources: [String]? = nil, truth: [String: NDArray]? = nil, logs: [Log]? = nil,
    featurizers: [String: FeaturizerFile]? = nil
  ) throws(DataError) -> Dataset {
    var copy = self
    copy.hash = hash
    if let catalog { copy.catalog = catalog }
    if let benchmarks { copy.benchmarks = benchmarks }
    if let sources { copy.sources = sources }
    if let truth { copy.truth = truth }
    if let logs { copy.logs = logs }
    if let featurizers { copy.featurizers = featurizers }
    try copy.requireFit()
    return copy
  }

  private func requireFit() throws(DataError) {
    var seen = NameIndex()
    for benchmark in benchmarks {
      guard seen.insert(benchmark.name) else {
        throw DataError("benchmark '\(benchmark.name)' occurs twice")
      }
      guard benchmark.llms.allSatisfy({ catalog.names.indices.contains($0) }),
        Set(benchmark.llms).count == benchmark.llms.count
      else { throw DataError("benchmark '\(benchmark.name)' has LLMs outside the catalogue or twice") }
    }
    if let name = NameIndex.repeated(in: logs.map(\.name)) { throw DataError("log '\(name)' occurs twice") }
    for log in logs {
      guard let benchmark = benchmarks.first(where: { Name($0.name) == Name(log.benchmark) }),
        log.llms.allSatisfy({ benchmark.llms.indices.contains($0) }),
        log.picks.allSatisfy({ $0.query < benchmark.queries.count })
      else { throw DataError("log '\(log.name)' does not fit benchmark '\(log.benchmark)'") }
    }
  }

  /// The benchmark of a name.
  ///
  /// - Throws: `DataError` naming the benchmarks there are.
  public func benchmark(named name: String) throws(DataError) -> Benchmark {
    guard let found = benchmarks.first(where: { Name($0.name) == Name(name) }) else {
      throw DataError(
        "unknown benchmark '\(name)'; there are: \(benchmarks.map(\.name).joined(separator: ", "))")
    }
    return found
  }

  /// The benchmarks of some names, or all where none is named.
  public func benchmarks(named names: [String]) throws(DataError) -> [Benchmark] {
    var result: [Benchmark] = []
    for name in names {
      guard !result.map(\.name).containsName(name) else {
        throw DataError("benchmark '\(name)' is named twice")
      }
      result.append(try benchmark(named: name))
    }
    return names.isEmpty ? benchmarks : result
  }

  /// The names of a benchmark's LLMs, in the order of its columns.
  public func llmNames(of benchmark: Benchmark) -> [String] { benchmark.llms.map { catalog.names[$0] } }
}
