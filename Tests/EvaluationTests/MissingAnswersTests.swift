import Baselines
import Evaluation
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

/// Queries that not every candidate answered.
@Suite struct MissingAnswersTests {
  private let bootstrap = Bootstrap(resamples: 60)

  /// A random table some of whose answers are missing; LLM `silent` answers nothing, where there is one.
  private func table(
    share: Float, silent: Int? = nil, binary: Bool = true, alone: Bool = false, seed: UInt64 = 3
  ) throws -> TableBenchmark {
    let whole = try TableBenchmark.random(queryCount: 120, llmCount: 5, binary: binary, seed: seed)
    var generator = SeededGenerator(seed: seed, stream: "missing")
    let rows = (0..<120).map { query in
      (0..<5).map { llm -> Float? in
        let isMissing = generator.uniform() < share
        if llm == silent { return nil }
        return isMissing ? nil : whole.benchmark.responses[query, llm]
      }
    }
    return try TableBenchmark(
      rows.map { alone ? Array($0.enumerated().filter { $0.offset != silent }.map(\.element)) : $0 },
      parts: whole.benchmark.split.parts, subscenarios: whole.benchmark.queries.subscenarios)
  }

  private func cell(
    _ table: TableBenchmark, _ missing: MissingRule, llms: [Int]? = nil, _ more: [any Router] = []
  ) throws -> CellResult {
    let pool = try PoolResponses(
      table.benchmark, llmNames: table.llmNames,
      pool: CandidatePool(group: .allWeak, llms: llms ?? Array(table.llmNames.indices)), missing: missing)
    return try PoolEvaluation(pool, of: table.benchmark, embeddings: table.embeddings).evaluate(
      table.baselines + [MixRouter(oracleShare: 0.5, [table.benchmark], catalog: table.catalog), scripted]
        + more,
      source: .constructed, bootstrap: bootstrap)
  }

  /// A router that predicts, and whose scores know of the LLM alone.
  private var scripted: any Router {
    ScriptedRouter("scripted", predicts: true) { query, llm in
      Float((query * 7 + Int(llm.utf8.last ?? 0) * 13) % 11) / 11
    }
  }

  @Test(arguments: [true, false]) func onCompleteDataTheRulesAreOne(binary: Bool) throws {
    let table = try table(share: 0, binary: binary)
    let (complete, available) = (try cell(table, .complete), try cell(table, .available))
    #expect(complete.routers == available.routers && complete.differences == available.differences)
    #expect(complete.notes == available.notes && complete.testBest == available.testBest)
    #expect(complete.nullBestSingleModelValue == available.nullBestSingleModelValue)
    #expect(available.missing == .available && complete.missing == .complete)
  }

  /// In every place of the pool, so that no tie is broken by it.
  @Test(arguments: [0, 2, 4]) func aCandidateThatAnswersNothingChangesNothing(_ silent: Int) throws {
    let table = try table(share: 0.3, silent: silent)
    let others = (0..<5).filter { $0 != silent }
    let (with, without) = (try cell(table, .available), try cell(table, .available, llms: others))
    #expect(with.queryCount == without.queryCount && with.leftOutCount == without.leftOutCount)
    #expect(with.testBest == without.testBest && with.trainBest == without.trainBest)
    for (one, other) in zip(with.routers, without.routers) {
      for metric in MetricCatalog.all {
        let (found, expected) = (one[metric], other[metric])
        for end in [\Estimate.value, \Estimate.low, \Estimate.high] as [PartialKeyPath<Estimate>] {
          let (value, other) = (found?[keyPath: end] as? Double, expected?[keyPath: end] as? Double)
          #expect((value == nil) == (other == nil))
          #expect(abs((value ?? 0) - (other ?? 0)) < 1e-6, "\(one.name) \(metric.key) \(end)")
        }
      }
      #expect(others.map { one.pickShares[$0] } == other.pickShares && one.pickShares[silent] == 0)
    }
    #expect(with.notes.contains { $0.hasPrefix("missing answers: ") && $0.contains("'llm\(silent)' 0%") })
    // By the other rule nothing is left.
    #expect {
      try cell(table, .complete)
    } throws: { "\($0)".contains("has a response of every candidate: see --missing available") }
  }

  /// By hand: three LLMs, of which each leaves some queries out.
  @Test func everyNumberByHand() throws {
    let table = try TableBenchmark(
      [
        [1, 1, 0], [1, 0, 0], [1, 0, nil],  // Train means 1, 1/3, 0.
        [1, 0, 0], [nil, 1, 0], [nil, nil, 1], [0, 0, 1], [nil, nil, nil],
      ], parts: Array(repeating: .train, count: 3) + Array(repeating: .test, count: 5))
    let pool = try PoolResponses(
      table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allWeak, llms: [0, 1, 2]),
      missing: .available)
    #expect(pool.queries == [3, 4, 5, 6] && pool.leftOutCount == 1)
    #expect(pool.answeredShares == [0.4, 0.6, 0.8])
    // llm0: 1, llm1's 1, llm2's 1, 0; llm1: 0, 1, llm2's 1, 0; llm2: 0, 0, 1, 1.
    #expect(pool.means == [0.75, 0.5, 0.5] && pool.testBest == 0 && pool.trainBest == 0)
    #expect(pool.oracleMean == 1)
    let evaluation = try PoolEvaluation(pool, of: table.benchmark, embeddings: table.embeddings)
    let single = try evaluation.route(table.baselines[2])
    #expect(single.rewards == [1, 1, 1, 0])
    let random = try evaluation.route(table.baselines[1])
    #expect(zip(random.rewards, [1 / 3, 1 / 2, 1, 1 / 3]).allSatisfy { abs($0 - $1) < 1e-6 })
    let last = try evaluation.route(ScriptedRouter("last") { _, llm in llm == "llm0" ? 1 : 0 })
    #expect(last.rewards == [1, 1, 1, 0])
  }

  /// What always takes the best single LLM differs from it by nothing, with certainty, though answers are missing.
  @Test func theBestSingleLLMIsItself() throws {
    let table = try table(share: 0.3)
    let cell = try cell(table, .available)
    let single = try #require(cell.router(named: "best-single"))
    let difference = try #require(single.differenceToBestSingle)
    #expect(difference.mu.value == 0 && difference.mu.low == 0 && difference.mu.high == 0)
    #expect(abs(single.mu.value - (cell.trainBest?.mean ?? -1)) < 1e-12)
    for router in cell.routers {
      #expect(router.mu.value <= (cell.router(named: "oracle")?.mu.value ?? 0) + 1e-12)
    }
    #expect((cell.routers.map { $0[.bestSingleModelValue]?.value ?? 0 }.max() ?? 0) >= 1)
  }

  @Test func aCellWithFewQueriesIsMarked() throws {
    let table = try table(share: 0.3)
    let complete = try cell(table, .complete)
    #expect(complete.queryCount < 30 && complete.hasTooFewQueries && complete.partCount == 48)
    #expect(
      complete.notes[0].hasPrefix("too few queries: \(complete.queryCount) of 48 test queries are measured"))
    let available = try cell(table, .available)
    #expect(!available.hasTooFewQueries && !available.notes.contains { $0.hasPrefix("too few") })
    #expect(ResultTable.csv([complete]).contains(",complete,true\n"))
    #expect(ResultTable.csv([available]).contains(",available,false\n"))
    #expect(GridSummary.summaries(of: [complete, available]).map(\.thinCells).allSatisfy { $0 == 1 })
  }

  /// A grid takes LLMs with enough answers, and says how many it left out.
  @Test func poolsAreOfLLMsWithEnoughAnswers() throws {
    let table = try table(share: 0.02, silent: nil)
    let values = table.benchmark.responses.dense()
    let rows = (0..<120).map { query in
      (0..<5).map { llm -> Float? in
        let value = values[query, llm]
        return value.isNaN || (llm == 2 && query % 3 > 0) ? nil : value
      }
    }
    let sparse = try TableBenchmark(rows, parts: table.benchmark.split.parts)
    let dataset = try sparse.dataset()
    let plan = EvaluationGrid(sizes: [4, 5], groups: [.allWeak]).plan(dataset.benchmarks, of: dataset)
    #expect(plan.cells.count == 1 && Set(plan.cells[0].pool.llms) == [0, 1, 3, 4])
    #expect(plan.skipped.count == 1 && plan.skipped[0].reason.contains("without 1 that answered too few"))
    #expect(plan.notes.count == 1 && plan.notes[0].contains("1 of 5 LLMs answered under 0.9 of the queries"))
    let all = EvaluationGrid(sizes: [5], groups: [.allWeak], leastAnswered: 0)
      .plan(dataset.benchmarks, of: dataset)
    #expect(all.cells.count == 1 && all.notes.isEmpty)
  }
}
