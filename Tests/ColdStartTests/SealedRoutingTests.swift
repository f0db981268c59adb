import Factorization
import FileFormats
import Learning
import NumericKernels
import RoutingData
import Testing

@testable import ColdStart

/// What routing to new LLMs and predicting unseen queries may look at, by what changes where answers do.
@Suite struct SealedRoutingTests {
  private static let seed: UInt64 = 1

  /// The planted specialists with other responses.
  private static func dataset(
    _ change: (_ query: Int, _ llm: Int, _ response: Float) -> Float = { $2 }
  ) throws -> Dataset {
    let planted = try PlantedSpecialists.dataset()
    let benchmark = planted.benchmarks[0]
    var table = benchmark.responses.dense()
    for query in 0..<table.rows {
      for llm in 0..<table.columns { table[query, llm] = change(query, llm, table[query, llm]) }
    }
    return try Dataset(
      catalog: planted.catalog,
      benchmarks: [
        Benchmark(
          name: benchmark.name, queries: benchmark.queries, llms: benchmark.llms,
          responses: ResponseMatrix(GradedCells(.floats(table))), split: benchmark.split)
      ])
  }

  private static func experiment(_ dataset: Dataset, counts: [Int]) throws -> LLMExperiment {
    try LLMExperiment(
      dataset.benchmarks[0], catalog: dataset.catalog, holdOut: .family, policies: [.adaptive],
      counts: counts,
      factors: 2, mostLLMs: 24, seed: seed)
  }

  private static func routed(_ dataset: Dataset, counts: [Int]) throws -> [RoutedLLM] {
    var pools = try RoutingExperiment(
      experiment(dataset, counts: counts), encoder: PlantedSpecialists.encoder)
    return try pools.routed(fold: 0)
  }

  private static var parts: [SplitPart] {
    get throws { try PlantedSpecialists.dataset().benchmarks[0].split.parts }
  }

  /// Picks that no test answer moves have μ and 1 − μ where all test answers are turned round.
  @Test func testAnswersOnlyMeasure() throws {
    let parts = try Self.parts
    let before = try Self.routed(Self.dataset(), counts: [5, 20])
    let after = try Self.routed(
      Self.dataset { parts[$0] == .test ? 1 - $2 : $2 }, counts: [5, 20])
    try #require(before.count == after.count && !before.isEmpty)
    for (one, other) in zip(before, after) {
      #expect(abs(one.without + other.without - 1) < 1e-9)
      #expect(abs(one.with + other.with - 1) < 1e-9)
      #expect(abs(one.full + other.full - 1) < 1e-9)
      #expect(abs(one.single + other.single - 1) < 1e-9)
    }
  }

  /// Another held-out LLM of the fold answers something else: nobody notices.
  @Test func heldOutLLMsTeachNothing() throws {
    let before = try Self.routed(Self.dataset(), counts: [5])
    let first = try #require(before.first).llm
    let place = try #require(try Self.dataset().catalog.index(of: first))
    let after = try Self.routed(Self.dataset { $1 == place ? 1 - $2 : $2 }, counts: [5])
    let others = before.filter { $0.llm != first }
    #expect(!others.isEmpty && others == after.filter { $0.llm != first })
  }

  /// Of a new LLM only what was asked is known: with one answer, all others may be turned round.
  @Test func answersThatNobodyAskedForAreNotKnown() throws {
    let dataset = try Self.dataset()
    let experiment = try Self.experiment(dataset, counts: [1])
    let (benchmark, fold, parts) = (experiment.benchmark, experiment.folds[0], try Self.parts)
    let seen = benchmark.split.queries(in: .train) + benchmark.split.queries(in: .validation)
    let model = try ItemResponseModel.estimated(
      benchmark.responses.selecting(queries: seen).selecting(llms: fold.known).cells, rows: seen,
      benchmark: benchmark.name, llms: fold.known.map { dataset.catalog.names[benchmark.llms[$0]] },
      families: fold.known.map { experiment.families[$0] }, factors: 2, seed: Self.seed)
    let placement = Placement(try model.foldIn())
    let first = try #require(
      AdaptiveAnchors(placement, targets: [0]).next(
        given: try placement.fold.posterior(of: []),
        dispersion: placement.fold.dispersion(of: [], at: placement.fold.prior.mean), answered: []))
    let asked = seen[first.query]
    let llm = fold.heldOut[0]
    let changed = try Self.dataset { query, own, response in
      own == llm && query != asked && parts[query] != .test ? 1 - response : response
    }
    let name = dataset.catalog.names[llm]
    let before = try Self.routed(dataset, counts: [1]).filter { $0.llm == name }
    let after = try Self.routed(changed, counts: [1]).filter { $0.llm == name }
    try #require(!before.isEmpty && before.count == after.count)
    #expect(before.map(\.with) == after.map(\.with))
    #expect(before.map(\.full) != after.map(\.full))
  }

  /// Predictions that no answer of their own queries moves have log-losses that are linear in these answers.
  @Test(arguments: [HoldOut.subscenario, .query])
  func unseenQueriesAreUnseen(_ holdOut: HoldOut) throws {
    let own = try Self.rows(ofFirst: holdOut)
    func losses(_ answer: (_ query: Int, _ llm: Int) -> Float) throws -> [Double] {
      let dataset = try Self.dataset { own.contains($0) ? answer($0, $1) : $2 }
      return try Self.unseen(dataset, holdOut).results(fold: 0).map(\.quality.logLoss)
    }
    let (zeros, ones) = (try losses { _, _ in 0 }, try losses { _, _ in 1 })
    let (some, others) = (
      try losses { ($0 + $1) % 3 == 0 ? 1 : 0 }, try losses { ($0 + $1) % 3 == 0 ? 0 : 1 }
    )
    #expect(zeros.count == UnseenQueries.Method.allCases.count)
    for index in zeros.indices {
      #expect(abs(zeros[index] + ones[index] - some[index] - others[index]) < 1e-9)
    }
  }

  /// What is measured has no label, for every number of labels.
  @Test func labelsAreNotMeasured() throws {
    let experiment = try UnseenExperiment(
      Self.dataset(), benchmarks: [], holdOut: .subscenario, encoder: nil, counts: [5, 20], factors: 2,
      mostLLMs: 100, seed: Self.seed)
    let results = try experiment.results(fold: 0)
    #expect(Set(results.map(\.labels)) == [0, 5, 20])
    #expect(results.allSatisfy { $0.queries == experiment.folds[0].rows.count - 20 })
  }

  private static func unseen(_ dataset: Dataset, _ holdOut: HoldOut) throws -> UnseenExperiment {
    try UnseenExperiment(
      dataset, benchmarks: [], holdOut: holdOut, encoder: nil, counts: [0], factors: 2, mostLLMs: 100,
      seed: seed)
  }

  /// The queries of the first fold.
  private static func rows(ofFirst holdOut: HoldOut) throws -> Set<Int> {
    let experiment = try unseen(dataset(), holdOut)
    return Set(try #require(experiment.folds.first).rows)
  }
}
