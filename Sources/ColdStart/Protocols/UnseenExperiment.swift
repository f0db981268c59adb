import Learning
import NumericKernels
import RoutingData

/// How well the responses of all LLMs to queries are predicted that a model never saw, by the number of labelled ones.
public struct UnseenResult: Codable, Equatable, Sendable {
  /// What was held out: a benchmark, a sub-scenario or a fold of queries.
  public let fold: String
  /// How they are predicted.
  public let method: String
  /// How many queries of the fold had answers.
  public let labels: Int
  /// The queries that were measured: the same for every number of labels.
  public let queries: Int
  /// What the predictions are worth.
  public let quality: PredictionQuality

  /// The mean prediction, moved by what labels say of the benchmark and of each LLM on it.
  public static let shift = "shift"
  /// The same, corrected by labelled queries near by.
  public static let local = "local"
}

/// Holds benchmarks, sub-scenarios or queries out and predicts the responses to them from all others, with no label and
/// with some.
///
/// The LLMs are those that answered everything. Labelled queries are drawn by lot from the fold, and none of them is
/// measured.
public struct UnseenExperiment {
  /// Folds at most, by lot where there are more.
  private static let mostFolds = 20
  private static let queryFolds = 5
  /// Smaller groups are no fold: their figures are noise.
  private static let leastQueries = 40
  /// Queries to learn from at most, by lot: the kernel's matrix is of their square.
  private static let mostSources = 6_000

  private let embeddings: Matrix
  private let responses: Matrix
  private let subscenarios: [Int]
  private let families: [Int]
  private let factors: Int
  private let counts: [Int]
  private let seed: UInt64
  let folds: [(name: String, rows: [Int])]
  private let othersAreUnlike: Bool

  /// The experiment of a configuration on a dataset.
  ///
  /// - Throws: What `init(_:benchmarks:holdOut:encoder:counts:factors:mostLLMs:seed:)` does.
  public init(_ dataset: Dataset, configuration: UnseenConfiguration) throws {
    try self.init(
      dataset, benchmarks: configuration.benchmarks, holdOut: configuration.holdOut,
      encoder: configuration.encoder, counts: configuration.labels, factors: configuration.factors,
      mostLLMs: configuration.llms, seed: configuration.seed)
  }

  /// An experiment on some benchmarks of a dataset.
  ///
  /// - Throws: `DataError` for what can't be held out of them, fewer than 3 LLMs that answered everything, or embeddings
  ///   that are not there.
  public init(
    _ dataset: Dataset, benchmarks names: [String], holdOut: HoldOut, encoder wanted: String?, counts: [Int],
    factors: Int, mostLLMs: Int, seed: UInt64
  ) throws {
    let benchmarks = try dataset.benchmarks(named: names)
    let encoder = try dataset.encoder(wanted, for: benchmarks)
    let llms = Self.complete(benchmarks, most: mostLLMs, seed: seed)
    guard llms.count >= 3 else {
      throw DataError("\(llms.count) LLMs answered every query; at least 3 are needed to route between")
    }
    var groups: [(name: String, rows: [Int])] = []
    var subscenarios: [Int] = []
    var parts: [(embeddings: Matrix, responses: Matrix)] = []
    for benchmark in benchmarks {
      let first = subscenarios.count
      let offset = (subscenarios.max() ?? -1) + 1
      subscenarios += benchmark.queries.subscenarios.map { $0 + offset }
      let columns = llms.compactMap { benchmark.llms.firstIndex(of: $0) }
      parts.append(
        (try benchmark.embeddings(encoder: encoder), benchmark.responses.selecting(llms: columns).dense()))
      let own = Array(first..<subscenarios.count)
      switch holdOut {
      case .benchmark: groups.append((benchmark.name, own))
      case .subscenario:
        for (number, name) in benchmark.queries.subscenarioNames.enumerated() {
          groups.append(("\(benchmark.name)/\(name)", own.filter { subscenarios[$0] == number + offset }))
        }
      case .query: groups.append((benchmark.name, own))
      case .family, .frontier, .llm: preconditionFailure("an experiment on LLMs")
      }
    }
    if holdOut == .query { groups = Self.dealt(subscenarios.count, seed: seed) }
    folds = Self.measurable(groups, of: subscenarios.count, seed: seed)
    guard !folds.isEmpty else {
      throw DataError(
        "no \(holdOut.rawValue) can be held out: at least two are needed, one of at least \(Self.leastQueries) queries"
      )
    }
    embeddings = .stacked(parts.map(\.embeddings))
    responses = .stacked(parts.map(\.responses))
    self.subscenarios = subscenarios
    families = dataset.catalog.families(of: llms).numbers
    othersAreUnlike = holdOut != .query
    self.factors = factors
    self.counts = Set(counts + [0]).sorted()
    self.seed = seed
  }

  /// The LLMs that answered every query of some benchmarks, by lot where there are more than wanted.
  private static func complete(_ benchmarks: [Benchmark], most: Int, seed: UInt64) -> [Int] {
    var shared: [Int]?
    for benchmark in benchmarks {
      let counts = benchmark.responses.cells.observed?.columnCounts()
      let own = benchmark.llms.indices.filter { llm in
        counts.map { $0[llm] == benchmark.queries.count } ?? true
      }.map { benchmark.llms[$0] }
      let kept = Set(own)
      shared = shared?.filter { kept.contains($0) } ?? own
    }
    var order = shared ?? []
    guard order.count > most else { return order }
    var generator = SeededGenerator(seed: seed, stream: "unseen-llms")
    generator.shuffle(&order)
    return order.prefix(most).sorted()
  }

  private static func dealt(_ count: Int, seed: UInt64) -> [(name: String, rows: [Int])] {
    var order = Array(0..<count)
    var generator = SeededGenerator(seed: seed, stream: "unseen-queries")
    generator.shuffle(&order)
    return (0..<queryFolds).map { fold in
      (
        "queries \(fold + 1)",
        order.enumerated().filter { $0.offset % queryFolds == fold }.map(\.element).sorted()
      )
    }
  }

  /// The groups that leave something to learn from and are large enough.
  private static func measurable(
    _ groups: [(name: String, rows: [Int])], of count: Int, seed: UInt64
  ) -> [(name: String, rows: [Int])] {
    var kept = groups.indices.filter {
      groups[$0].rows.count >= leastQueries && groups[$0].rows.count < count
    }
    if kept.count > mostFolds {
      var generator = SeededGenerator(seed: seed, stream: "unseen-folds")
      generator.shuffle(&kept)
      kept = kept.prefix(mostFolds).sorted()
    }
    return kept.map { groups[$0] }
  }

  /// The number of folds.
  public var foldCount: Int { folds.count }

  /// Predicts the queries of every fold.
  ///
  /// With a folder, each fold is saved there as soon as it is done, and folds that are there already are read instead.
  /// `onFold` hears how many folds are done.
  ///
  /// - Throws: What `results(fold:)` does, and `FileError` of the folder; the folds that were done before an error stay
  ///   there.
  public func results(
    saving folder: UnseenFolder?, onFold: (_ done: Int) -> Void = { _ in }
  ) throws -> [UnseenResult] {
    var results: [UnseenResult] = []
    for fold in folds.indices {
      if let saved = try folder?.results(fold: fold, named: folds[fold].name) {
        results += saved
      } else {
        let own = try self.results(fold: fold)
        try folder?.save(own, fold: fold)
        results += own
      }
      onFold(fold + 1)
    }
    try folder?.finish(results)
    return results
  }

  /// Predicts the queries of one fold; cost that of `UnseenQueries`.
  ///
  /// - Throws: `DataError` for embeddings that can't be used; `NumericalError`.
  public func results(fold index: Int) throws -> [UnseenResult] {
    let fold = folds[index]
    let out = Set(fold.rows)
    var sources = subscenarios.indices.filter { !out.contains($0) }
    var generator = SeededGenerator(seed: seed, stream: "unseen-labels", index)
    if sources.count > Self.mostSources {
      generator.shuffle(&sources)
      sources = sources.prefix(Self.mostSources).sorted()
    }
    let known = try UnseenQueries(
      embeddings: embeddings.selecting(rows: sources), responses: responses.selecting(rows: sources),
      subscenarios: sources.map { subscenarios[$0] }, othersAreUnlike: othersAreUnlike, families: families,
      factors: factors, seed: seed)
    var order = fold.rows
    generator.shuffle(&order)
    let usable = counts.filter { 2 * $0 <= order.count }
    let labelled = Array(order.prefix(usable.last ?? 0))
    let measured = Array(order.dropFirst(labelled.count))
    let truth = responses.selecting(rows: measured)
    let predictions = try known.predictions(of: embeddings.selecting(rows: measured))
    func result(_ method: String, _ labels: Int, _ predicted: Matrix) -> UnseenResult {
      UnseenResult(
        fold: fold.name, method: method, labels: labels, queries: measured.count,
        quality: PredictionQuality(predicted, responses: truth, seed: seed))
    }
    var results = UnseenQueries.Method.allCases.compactMap { method in
      predictions[method].map { result(method.rawValue, 0, $0) }
    }
    guard let average = predictions[.average] else { return results }
    let before = try known.predictions(of: embeddings.selecting(rows: labelled))[.average]
    let features = known.features(of: embeddings.selecting(rows: measured))
    let own = known.features(of: embeddings.selecting(rows: labelled))
    for count in usable where count > 0 {
      let rows = Array(0..<count)
      guard let before = before?.selecting(rows: rows) else { break }
      let labels = try LabelledBenchmark(
        predicted: before, responses: responses.selecting(rows: Array(labelled.prefix(count))),
        features: own.selecting(rows: rows))
      results.append(result(UnseenResult.shift, count, labels.shifted(average)))
      results.append(result(UnseenResult.local, count, labels.corrected(average, features: features)))
    }
    return results
  }
}
