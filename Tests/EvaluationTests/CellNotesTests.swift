import Foundation
import Metrics
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Evaluation

/// Cells in which something is undefined: never a NaN, always a reason.
@Suite struct CellNotesTests {
  static let reference = "V_R: benchmark 'table' has no reference accuracy"
  static let silent = "log-loss, AUC, Brier, ECE: no responses are predicted by 'random', 'best-single'"

  /// A cell's notes, after a look at everything that is written of it.
  func notes(_ table: TableBenchmark, _ routers: [any Router]? = nil) throws -> [String] {
    let cell = try table.cell(routers ?? table.baselines)
    let result = GridResult(cells: [cell], skipped: [])
    // An encoder refuses what is not finite.
    let json = try result.json()
    #expect(try JSONDecoder().decode(GridResult.self, from: Data(json.utf8)) == result)
    for row in ResultTable.csv([cell]).split(separator: "\n").dropFirst() {
      for field in row.split(separator: ",", omittingEmptySubsequences: false) {
        #expect(Double(field).map(\.isFinite) ?? true, "\(row)")
      }
    }
    return cell.notes.filter { !$0.hasPrefix("too few queries: ") }
  }

  @Test func nothingToSay() throws {
    let random = try TableBenchmark.random(queryCount: 100, llmCount: 3, seed: 1)
    let rows = (0..<100).map { query in (0..<3).map { random.benchmark.responses[query, $0] } }
    let table = try TableBenchmark(name: "gsm8k", rows, parts: random.benchmark.split.parts)
    #expect(try notes(table, [table.baselines[0]]) == [])
    #expect(try notes(random, [random.baselines[0]]) == ["V_R: benchmark 'random' has no reference accuracy"])
  }

  @Test func oneTestQuery() throws {
    let table = try TableBenchmark([[1, 0, 1], [0.25, 0.75, 0]], parts: [.train, .test])
    #expect(
      try notes(table) == ["intervals: the cell has one test query", Self.reference, Self.silent])
    let strata = try TableBenchmark(
      [[1, 0], [1, 0], [0, 1]], parts: [.train, .test, .test], subscenarios: [0, 1, 2])
    #expect(
      try notes(strata).first
        == "intervals: every sub-scenario has one test query, so that resamples draw from all together")
  }

  @Test func whereValidationIsMeasured() throws {
    let table = try TableBenchmark([[1, 0], [0, 0], [1, 1]], parts: [.train, .validation, .test])
    let pool = try PoolResponses(
      table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allWeak, llms: [0, 1]),
      measuredOn: .validation)
    let evaluation = try PoolEvaluation(pool, of: table.benchmark, embeddings: table.embeddings)
    let cell = try evaluation.evaluate(Array(table.baselines.prefix(1)), source: .constructed)
    #expect(
      cell.notes.dropFirst().prefix(4) == [
        "intervals: the cell has one validation query", Self.reference,
        "V_B, null V_B: no candidate answers any validation query well",
        "V_B train-chosen: the train-chosen LLM 'llm0' answers no validation query well",
      ])
  }

  @Test func identicalLLMs() throws {
    let rows: [[Float?]] = (0..<40).map { $0 % 3 == 0 ? [1, 1, 1] : [0, 0, 0] }
    let table = try TableBenchmark(rows, parts: (0..<40).map { $0 < 20 ? .train : .test })
    #expect(
      try notes(table) == [
        Self.reference, "oracle gap: the oracle is no better than the train-chosen LLM 'llm0'", Self.silent,
      ])
    let cell = try table.cell(table.baselines)
    #expect(cell.nullBestSingleModelValue == Estimate(1, Interval(low: 1, high: 1)))
    for router in cell.routers {
      #expect(router[.regret]?.value == 0)
      #expect(router.pValue == 1 && router[.gapClosed] == nil)
    }
  }

  @Test func allZeroTestColumns() throws {
    let table = try TableBenchmark([[1, 1], [0, 0], [0, 0]], parts: [.train, .test, .test])
    #expect(
      try notes(table) == [
        Self.reference, "V_B, null V_B: no candidate answers any test query well",
        "V_B train-chosen: the train-chosen LLM 'llm0' answers no test query well",
        "oracle gap: the oracle is no better than the train-chosen LLM 'llm0'", Self.silent,
        "AUC: the responses are all right or all wrong",
      ])
    // Only the train-chosen LLM is all wrong.
    let one = try TableBenchmark([[1, 0], [0, 1], [0, 1]], parts: [.train, .test, .test])
    #expect(
      try notes(one) == [
        Self.reference,
        "V_B train-chosen: the train-chosen LLM 'llm0' answers no test query well", Self.silent,
      ])
  }

  @Test func oneCandidate() throws {
    let table = try TableBenchmark([[1], [0], [1], [1]], parts: [.train, .test, .test, .test])
    let cell = try table.cell(table.baselines)
    #expect(cell.nullBestSingleModelValue?.value == 1)
    #expect(cell.routers.allSatisfy { $0[.bestSingleModelValue]?.value == 1 && $0[.regret]?.value == 0 })
    #expect(
      try notes(table) == [
        Self.reference, "oracle gap: the oracle is no better than the train-chosen LLM 'llm0'", Self.silent,
        // Two draws of three miss both right answers in 1/9 of the resamples.
        "intervals of V_B, null V_B, V_B train-chosen: undefined on over 5% of the resamples",
      ])
  }

  @Test func noTrainResponses() throws {
    let table = try TableBenchmark([[1, 0], [0, 1], [1, 1]], parts: [.test, .test, .test])
    #expect(
      try notes(table, Array(table.baselines.prefix(2))) == [
        Self.reference,
        "V_B train-chosen, difference to best single, p, oracle gap: no candidate has a train response",
        "log-loss, AUC, Brier, ECE: no responses are predicted by 'random'",
      ])
  }

  @Test func ratiosThatManyResamplesLeaveUndefined() throws {
    // One right answer among 4 test queries: (3/4)³ = 42% of the resamples miss it.
    let table = try TableBenchmark(
      [[1, 1], [1, 0], [0, 0], [0, 0], [0, 0]], parts: [.train, .test, .test, .test, .test])
    #expect(
      try notes(table).last
        == "intervals of V_B, null V_B, V_B train-chosen: undefined on over 5% of the resamples")
  }
}
