import Baselines
import Evaluation
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@Suite struct RoutingMetricsTests {
  func metrics(
    _ table: TableBenchmark, _ router: any Router, llms: [Int]? = nil
  ) throws -> (RoutingMetrics, PoolResponses) {
    let pool = try PoolResponses(
      table.benchmark, llmNames: table.llmNames,
      pool: CandidatePool(group: .allWeak, llms: llms ?? Array(table.llmNames.indices)))
    let evaluation = try PoolEvaluation(pool, of: table.benchmark, embeddings: table.embeddings)
    return (RoutingMetrics(try evaluation.route(router), pool: pool), pool)
  }

  @Test func aTableWorkedByHand() throws {
    // gsm8k's reference is 0.92. Train says llm0 (1 of 1), the test split says llm1.
    let table = try TableBenchmark(
      name: "gsm8k", [[1, 0], [1, 0], [0, 1], [1, 1], [0, 1]], parts: [.train, .test, .test, .test, .test])
    // The router picks llm1, llm1, llm0, llm0 with scores (0, 0 + log 3) or the reverse:
    // softmax (1/4, 3/4), so E_p = 1/4·2 + 3/4·log₂(4/3) = 0.5 + 0.75·0.4150374993 = 0.8112781245.
    let router = ScriptedRouter("hand") { query, llm in (query <= 2) == (llm == "llm1") ? 1.0986123 : 0 }
    let (metrics, pool) = try metrics(table, router)
    // Responses of the picks: 0, 1, 1, 0 → μ = 2/4.
    #expect(metrics.mu == 0.5)
    // V_R = 0.5 / 0.92.
    #expect(metrics[.referenceValue] == 0.5 / 0.92)
    // Test means: llm0 (1+0+1+0)/4 = 1/2, llm1 (0+1+1+1)/4 = 3/4 → V_B = 0.5 / 0.75.
    #expect(metrics[.bestSingleModelValue] == 0.5 / 0.75)
    // llm0, best on train, has 1/2 on test → 0.5 / 0.5.
    #expect(metrics[.honestBestSingleModelValue] == 1)
    #expect(abs(metrics.classificationBias - 0.8112781245) < 1e-6)
    // Each LLM is picked for half of the queries: one bit.
    #expect(metrics.pickEntropy == 1)
    #expect(pool.testBest == 1)
    #expect(pool.trainBest == 0)
  }

  @Test func baselinesOnATableWorkedByHand() throws {
    let table = try TableBenchmark(
      [[0, 1, 1], [1, 0, 0], [0, 1, 1], [0, 0, 0]], parts: [.train, .test, .test, .test])
    let (oracle, _) = try metrics(table, OracleRouter([table.benchmark], catalog: table.catalog))
    // Right on queries 1 and 2 of 3.
    #expect(oracle.mu == 2.0 / 3)
    // Every LLM alone has 1/3.
    #expect(oracle[.bestSingleModelValue] == 2)
    // Entropies 0, log₂ 2 = 1, log₂ 3 = 1.5849625007 → 2.5849625007 / 3.
    #expect(abs(oracle.classificationBias - 2.5849625007 / 3) < 1e-9)
    // Mean picks: (1 + 0 + 1/3)/3 = 4/9, (0 + 1/2 + 1/3)/3 = 5/18 twice:
    // 4/9·log₂(9/4) + 2·5/18·log₂(18/5) = 0.5199667 + 1.0266650 = 1.5466317.
    #expect(abs(oracle.pickEntropy - 1.5466317) < 1e-6)
    // "table" is no benchmark of RouterEval.
    #expect(oracle[.referenceValue] == nil)

    let (random, _) = try metrics(table, RandomRouter())
    // Mean of all 9 test cells: 3/9.
    #expect(abs(random.mu - 3.0 / 9) < 1e-15)
    #expect(abs(random.classificationBias - 1.584962500721156) < 1e-12)
    #expect(abs(random.pickEntropy - 1.584962500721156) < 1e-12)

    let (best, _) = try metrics(table, BestSingleRouter([table.benchmark], catalog: table.catalog))
    #expect(best.mu == 1.0 / 3)
    #expect(best[.honestBestSingleModelValue] == 1)
    #expect(best.classificationBias == 0)
    #expect(best.pickEntropy == 0)
  }

  @Test func aBestSingleLLMOfZeroLeavesRatiosUndefined() throws {
    let table = try TableBenchmark([[1, 0], [0, 0], [0, 0]], parts: [.train, .test, .test])
    let (metrics, _) = try metrics(table, RandomRouter())
    #expect(metrics.mu == 0)
    #expect(metrics[.bestSingleModelValue] == nil)
    #expect(metrics[.honestBestSingleModelValue] == nil)
  }

  @Test func noTrainQueriesMeanNoHonestValue() throws {
    let table = try TableBenchmark([[1, 0]], parts: [.test])
    let (metrics, pool) = try metrics(table, RandomRouter())
    #expect(pool.trainBest == nil)
    #expect(metrics[.honestBestSingleModelValue] == nil)
    #expect(metrics[.bestSingleModelValue] == 0.5)
  }

  @Test func queriesWithAMissingResponseAreLeftOut() throws {
    let table = try TableBenchmark(
      [[1, 1, 1], [1, 0, nil], [0, 1, 0], [nil, nil, nil]], parts: [.train, .test, .test, .test])
    let (random, pool) = try metrics(table, RandomRouter())
    #expect(pool.queries == [2])
    #expect(pool.leftOutCount == 2)
    #expect(abs(random.mu - 1.0 / 3) < 1e-15)
    // Without llm2 query 1 counts as well: (1 + 0 + 0 + 1) / 4.
    let (pair, smaller) = try metrics(table, RandomRouter(), llms: [0, 1])
    #expect(smaller.queries == [1, 2])
    #expect(pair.mu == 0.5)
  }

  @Test(arguments: [true, false], [UInt64(1), 2, 3])
  func propertiesOnRandomTables(binary: Bool, seed: UInt64) throws {
    let table = try TableBenchmark.random(queryCount: 150, llmCount: 6, binary: binary, seed: seed)
    var generator = SeededGenerator(seed: seed, stream: "scores")
    let noise = Matrix(rows: 150, columns: 6, storage: (0..<900).map { _ in generator.normal() })
    let scripted = ScriptedRouter("noise") { noise[$0, Int($1.dropFirst(3)) ?? 0] }
    let oracle = OracleRouter([table.benchmark], catalog: table.catalog)
    let single = BestSingleRouter([table.benchmark], catalog: table.catalog)
    let (bound, pool) = try metrics(table, oracle)
    let (random, _) = try metrics(table, RandomRouter())
    let cells = pool.values.storage.reduce(0.0) { $0 + Double($1) } / Double(pool.values.storage.count)
    #expect(abs(random.mu - cells) < 1e-12)
    for router: any Router in [oracle, RandomRouter(), single, scripted] {
      let (straight, _) = try metrics(table, router)
      #expect(straight.mu >= 0 && straight.mu <= bound.mu && bound.mu <= 1)
      #expect(straight.classificationBias >= 0 && straight.classificationBias <= 2.584962500721157)
      #expect(straight.pickEntropy >= 0 && straight.pickEntropy <= 2.584962500721157)
      let (shuffled, _) = try metrics(table, router, llms: [3, 0, 5, 1, 4, 2])
      #expect(abs(shuffled.mu - straight.mu) < 1e-7)
      #expect(
        shuffled[.bestSingleModelValue].map { abs($0 - (straight[.bestSingleModelValue] ?? -1)) < 1e-7 }
          == true)
      #expect(abs(shuffled.classificationBias - straight.classificationBias) < 1e-6)
      #expect(abs(shuffled.pickEntropy - straight.pickEntropy) < 1e-6)
    }
  }
}
