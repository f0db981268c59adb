import Evaluation
import Foundation
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Metrics

/// Regret, the oracle gap, the null V_B, p-values and differences between routers.
@Suite struct HonestMetricsTests {
  /// Train says llm0; on the test queries llm0 has 1/2, llm1 3/4 and the oracle 1.
  func table() throws -> TableBenchmark {
    try TableBenchmark(
      [[1, 0], [1, 0], [0, 1], [1, 1], [0, 1]], parts: [.train, .test, .test, .test, .test])
  }

  @Test func regretAndOracleGapWorkedByHand() throws {
    let table = try table()
    // Picks llm0, llm1, llm0, llm0: responses 1, 1, 1, 0.
    let hand = ScriptedRouter("hand") { query, llm in (query == 2) == (llm == "llm1") ? 1 : 0 }
    let worse = ScriptedRouter("worse") { query, llm in (query >= 2) == (llm == "llm0") ? 1 : 0 }
    let (pool, routed) = try table.route(table.baselines + [hand, worse])
    #expect(pool.oracleMean == 1)
    let metrics = routed.map { RoutingMetrics($0, pool: pool) }
    // The oracle, random (5/8), llm0 (1/2), 3/4 and 1/4: queries 1 to 4 pick llm1, llm0, llm0, llm0.
    #expect(metrics.map { $0[.regret] } == [0, 0.375, 0.5, 0.25, 0.75])
    // (μ − 1/2) / (1 − 1/2).
    #expect(metrics.map { $0[.gapClosed] } == [1, 0.25, 0, 0.5, -0.5])
    let cell = try table.cell(table.baselines + [hand], resamples: 500)
    #expect(cell.routers.map { $0[.regret]?.value } == [0, 0.375, 0.5, 0.25])
    // No loss on four queries: up to 1 − 0.025^(1/4) = 0.602.
    #expect(abs((cell.routers[0][.regret]?.high ?? 0) - 0.6024) < 1e-3 && cell.routers[0][.regret]?.low == 0)
    // llm0 is right on all three drawn queries in 1/8 of the resamples, and wrong on all in as many: no
    // interval of the share, nor of V_B against it.
    #expect(cell.routers[3][.gapClosed] == Estimate(0.5, nil))
    #expect(
      cell.notes.last
        == "intervals of V_B train-chosen, oracle gap: undefined on over 5% of the resamples")
  }

  @Test func theNullValueIsWhatAFixedLLMGets() throws {
    // Two LLMs of mean 1/2. One of the two queries is drawn and counts twice: the first LLM gets 1 or 0.
    let table = try TableBenchmark([[1, 1], [1, 0], [0, 1]], parts: [.train, .test, .test])
    let cell = try table.cell(table.baselines, resamples: 10_000)
    let null = try #require(cell.nullBestSingleModelValue)
    #expect(abs(null.value - 0.5) < 0.02)
    #expect(null.low == 0 && null.high == 1)
  }

  @Test(arguments: [true, false], [UInt64(1), 2, 3])
  func theNullValueAgreesWithTheReference(binary: Bool, seed: UInt64) throws {
    let table = try TableBenchmark.random(queryCount: 100, llmCount: 5, binary: binary, seed: seed)
    let (pool, routed) = try table.route(table.baselines)
    let null = try #require(
      Bootstrap(resamples: 200).replicates(of: routed, pool: pool).nullBestSingleModelValue)
    let expected = (0..<200).map { resample in
      let drawn = ReferenceBootstrap.draw(pool, seed: 0, resample: resample)
      let statistics = ReferenceBootstrap.statistics(routed[0], pool: pool, drawn: drawn)
      return statistics.single[pool.testBest] / statistics.bestSingle
    }
    #expect(abs(null.value - expected.reduce(0, +) / 200) < 1e-6)
    #expect(null.value <= 1 && (null.high ?? 2) <= 1)
  }

  @Test func pValuesWorkedByHand() {
    #expect(PairedDifference.pValue(of: [0, 0, 0]) == 1)
    // No Δ* ≤ 0: 2 · 1 / 5, on either side.
    #expect(PairedDifference.pValue(of: [1, 2, 1, 3]) == 0.4)
    #expect(PairedDifference.pValue(of: [-1, -2, -1, -3]) == 0.4)
    // One Δ* ≤ 0 of nine: 2 · 2 / 10.
    #expect(PairedDifference.pValue(of: [1, 1, 1, -1, 1, 1, 1, 1, 1]) == 0.4)
    // A zero counts on both sides: min(1 + 1, 4 + 1) · 2 / 5.
    #expect(PairedDifference.pValue(of: [0, 1, 1, 1]) == 0.8)
    #expect(PairedDifference.pValue(of: [-1, 1]) == 1)
    #expect(PairedDifference.pValue(of: Array(repeating: 1, count: 10_000)) == 2.0 / 10_001)
  }

  @Test func pValuesOfACell() throws {
    let table = try TableBenchmark.random(queryCount: 300, llmCount: 4, seed: 8)
    let cell = try table.cell(table.baselines, resamples: 1000)
    // The oracle is better on every resample, the train-chosen LLM is never better than itself.
    #expect(cell.routers[0].pValue == 2.0 / 1001)
    #expect(cell.routers[2].pValue == 1)
    #expect(cell.routers.map(\.pValue) == cell.routers.map(\.differenceToBestSingle?.pValue))
  }

  @Test func everyTwoRoutersAreCompared() throws {
    let table = try TableBenchmark.random(queryCount: 100, llmCount: 4, seed: 8)
    let cell = try table.cell(table.baselines)
    #expect(cell.differences.map(\.first) == ["oracle", "oracle", "random"])
    #expect(cell.differences.map(\.second) == ["random", "best-single", "best-single"])
    // The best single router is the train-chosen LLM.
    #expect(cell.differences[1].difference.mu == cell.routers[0].differenceToBestSingle?.mu)
    #expect(cell.differences[1].difference.pValue == cell.routers[0].pValue)
    #expect(cell.differences[0].difference.mu.value == cell.routers[0].mu.value - cell.routers[1].mu.value)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let difference = RouterDifference(
      "a", minus: "b", PairedDifference(mu: Estimate(0.5, nil), bestSingleModelValue: nil, pValue: 1))
    let json = try encoder.encode(difference)
    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"first":"a","mu":{"high":null,"low":null,"value":0.5},"p":1,"second":"b","vb":null}"#)
    #expect(try JSONDecoder().decode(RouterDifference.self, from: json) == difference)
  }
}
