import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Metrics

@Suite struct LeaderboardTests {
  private static func dataset(_ tables: [TableBenchmark]) throws -> Dataset {
    try Dataset(catalog: tables[0].catalog, benchmarks: tables.map(\.benchmark))
  }

  @Test func costsAreMeansOfWhatIsKnown() throws {
    let parts: [SplitPart] = [.train, .test, .test]
    let first = try TableBenchmark(name: "a", [[1, 0, 1], [1, nil, 0], [0, 1, nil]], parts: parts)
    let second = try TableBenchmark(name: "b", [[1, 1, nil], [0, 1, nil], [1, 1, nil]], parts: parts)
    let nan = Float.nan
    let benchmarks = try [
      first.benchmark.with(costs: Matrix([[1, 2, 3], [3, nan, 4], [nan, 6, nan]])),
      second.benchmark.with(costs: Matrix([[10, nan, nan], [20, nan, nan], [60, nan, nan]])),
    ]
    let dataset = try Self.dataset([first, second]).with(benchmarks: benchmarks)
    func costs(_ benchmarks: [Benchmark], _ part: SplitPart? = nil) -> [String: Double] {
      Dictionary(
        uniqueKeysWithValues: Leaderboard(dataset, benchmarks: benchmarks, in: part).entries.compactMap {
          entry in
          entry.cost.map { (entry.llm, $0) }
        })
    }
    #expect(costs([benchmarks[0]]) == ["llm0": 2, "llm1": 4, "llm2": 3.5])
    #expect(costs([benchmarks[0]], .test) == ["llm0": 3, "llm1": 6, "llm2": 4])
    // Of llm1 the second benchmark's costs are not known, and llm2 did not answer it.
    #expect(costs(benchmarks) == ["llm0": 16, "llm2": 3.5])
    #expect(costs([second.benchmark]) == [:])
  }

  /// A table of so many queries whose LLMs answer at the given rates; some answers may be missing.
  private static func table(
    _ name: String, queries: Int, rates: [Double], strata: Int = 1, missing: Double = 0,
    isBinary: Bool = true,
    seed: UInt64
  ) throws -> TableBenchmark {
    var generator = SeededGenerator(seed: seed, stream: name)
    let rows = (0..<queries).map { _ -> [Float?] in
      rates.map { rate in
        let grade = generator.uniformDouble()
        let isMissing = generator.uniformDouble() < missing
        return isMissing ? nil : isBinary ? (grade < rate ? 1 : 0) : Float(grade)
      }
    }
    return try TableBenchmark(
      name: name, rows, parts: (0..<queries).map { $0 % 5 == 0 ? .test : .train },
      subscenarios: (0..<queries).map { $0 % strata })
  }

  @Test func theBestComesFirstAndEachBenchmarkCountsTheSame() throws {
    let parts: [SplitPart] = [.train, .train, .test, .test]
    let first = try TableBenchmark(
      name: "a", [[1, 0, nil], [1, 0, nil], [0, 0, nil], [nil, 1, nil]], parts: parts)
    let second = try TableBenchmark(
      name: "b", [[0, 1, 1], [0, 1, 1], [1, nil, 1], [0, nil, 1]], parts: parts)
    let dataset = try Self.dataset([first, second])
    let board = Leaderboard(dataset, benchmarks: dataset.benchmarks)
    #expect(board.benchmarks == ["a", "b"] && board.unanswered == 0)
    // llm2 is right wherever it answered, but lacks a benchmark.
    #expect(board.entries.map(\.llm) == ["llm1", "llm0", "llm2"])
    #expect(board.entries.map(\.answered) == [6, 7, 4])
    #expect(board.entries[0].overall.value == (0.25 + 1) / 2)
    #expect(board.entries[1].overall.value == (2.0 / 3 + 0.25) / 2)
    #expect(board.entries[2].scores[0] == nil && !board.entries[2].isComplete)
    let test = Leaderboard(dataset, benchmarks: [first.benchmark], in: .test)
    #expect(test.entries.map(\.llm) == ["llm1", "llm0"] && test.unanswered == 1)
    #expect(test.entries.map(\.overall.value) == [0.5, 0] && test.entries[1].answered == 1)
  }

  /// On complete answers, bit by bit, the interval of μ.
  @Test(arguments: [(1, true), (3, true), (20, true), (3, false)])
  func intervalsAreThoseOfTheMeanResponse(strata: Int, isBinary: Bool) throws {
    let table = try Self.table(
      "a", queries: 40, rates: [0.3, 0.9, 1, 0], strata: strata, isBinary: isBinary, seed: 1)
    let dataset = try Self.dataset([table])
    let members = StratifiedResampling(
      strata: table.benchmark.queries.subscenarios, benchmark: "a", seed: 0
    ).members
    for entry in Leaderboard(dataset, benchmarks: dataset.benchmarks).entries {
      let column = try #require(dataset.catalog.index(of: entry.llm))
      let answers = (0..<40).map { Double(table.benchmark.responses[$0, column] ?? 0) }
      let expected = BoundedMean(answers, in: 0...1).interval(level: 0.95, strata: members)
      let low = try #require(entry.overall.low)
      let high = try #require(entry.overall.high)
      #expect(abs(low - expected.low) < 1e-9 && abs(high - expected.high) < 1e-9, "\(entry)")
    }
  }

  @Test func allRightIsNoCertainty() throws {
    let table = try Self.table("a", queries: 20, rates: [1, 0], seed: 1)
    let dataset = try Self.dataset([table])
    let board = Leaderboard(dataset, benchmarks: dataset.benchmarks)
    // Clopper and Pearson: 0.025^(1/20).
    let low = try #require(board.entries[0].overall.low)
    let high = try #require(board.entries[1].overall.high)
    #expect(abs(low - 0.8316) < 1e-4 && abs(high - 0.1684) < 1e-4)
    #expect(board.entries[0].overall.high == 1 && board.entries[1].overall.low == 0)
  }

  /// What is missing changes nothing: as if the LLM's queries were all there are.
  @Test func missingAnswersAreNotWrong() throws {
    let masked = try Self.table("a", queries: 200, rates: [0.7, 0.4], strata: 2, missing: 0.5, seed: 3)
    let dataset = try Self.dataset([masked])
    let board = Leaderboard(dataset, benchmarks: dataset.benchmarks)
    for entry in board.entries {
      let column = try #require(dataset.catalog.index(of: entry.llm))
      let rows = (0..<200).filter { masked.benchmark.responses[$0, column] != nil }
      let own = try TableBenchmark(
        name: "a", rows.map { [masked.benchmark.responses[$0, column]] }, parts: rows.map { _ in .train },
        subscenarios: rows.map { $0 % 2 })
      let alone = Leaderboard(try Self.dataset([own]), benchmarks: [own.benchmark]).entries[0]
      #expect(entry.overall == alone.overall && entry.answered == rows.count)
    }
  }

  /// The share of simulated datasets whose interval of the mean over benchmarks of unlike sizes holds the true one.
  @Test func theMeanOverBenchmarksIsCovered() throws {
    let trials = 300
    var held = 0
    for trial in 0..<trials {
      let seed = UInt64(trial)
      let tables = [
        try Self.table("a", queries: 30, rates: [0.6], seed: seed),
        try Self.table("b", queries: 100, rates: [0.9], seed: seed),
        try Self.table("c", queries: 60, rates: [0.3], seed: seed),
      ]
      let dataset = try Self.dataset(tables)
      let overall = Leaderboard(dataset, benchmarks: dataset.benchmarks).entries[0].overall
      let low = try #require(overall.low)
      let high = try #require(overall.high)
      if low <= 0.6, high >= 0.6 { held += 1 }
    }
    #expect((278...296).contains(held), "\(held) of \(trials)")
  }
}
