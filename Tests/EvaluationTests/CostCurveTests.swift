import Baselines
import FileFormats
import Foundation
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Evaluation

/// What routers reach at each cost: identities, wiring, and how often intervals hold the truth.
@Suite struct CostCurveTests {
  private static func costs(_ values: [Double]) -> ResponseCosts {
    .byLLM(Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0.offset, $0.element) }))
  }

  private let table: TableBenchmark
  private let costs = CostCurveTests.costs([1, 2, 4, 8, 16])

  init() throws { table = try TableBenchmark.random(queryCount: 300, llmCount: 5, seed: 6) }

  /// A router that knows each LLM's mean on the measured queries, and nothing of the query.
  private func means(_ table: TableBenchmark) throws -> ScriptedRouter {
    let (pool, _) = try table.route([])
    let known = Dictionary(uniqueKeysWithValues: zip(pool.llms, pool.means))
    return ScriptedRouter("means", predicts: true) { _, llm in Float(known[llm] ?? 0) }
  }

  private func oracle(_ table: TableBenchmark) -> any Router {
    OracleRouter([table.benchmark], catalog: table.catalog)
  }

  @Test func whoLooksAtNoQueryGainsNothing() throws {
    let cell = try table.cell([means(table), oracle(table)], costs: costs)
    let single = try #require(cell.singleCosts)
    let curve = try #require(cell.routers[0].costCurve)
    #expect(
      abs(curve.averageQuality.value - single.averageQuality.value) < 1e-6 && abs(curve.gain.value) < 1e-6)
    #expect(curve.hull.map(\.cost) == single.hull.map(\.cost))
    #expect(curve.saving?.value == 0 || single.costs[single.best] > curve.hull[curve.hull.count - 1].cost)
    let best = try #require(cell.routers[1].costCurve)
    #expect(best.gain.value > 0.1 && (best.gain.low ?? 0) > 0)
    #expect(
      single.costs == [1, 2, 4, 8, 16] && single.best == single.means.firstIndex(of: single.means.max() ?? 0))
  }

  @Test func theFirstPriceIsNoneAndTheLastTakesTheCheapest() throws {
    let cell = try table.cell([oracle(table)], costs: costs)
    let curve = try #require(cell.routers[0].costCurve)
    #expect(curve.points[0].price == 0 && curve.points[0].mu.value == cell.routers[0].mu.value)
    let last = try #require(curve.points.last)
    #expect(last.cost == 1 && abs(last.mu.value - (cell.singleCosts?.means[0] ?? 0)) < 1e-6)
    #expect(curve.points.map(\.cost) == curve.points.map(\.cost).sorted(by: >))
  }

  @Test func theUnitOfCostsChangesNothingButPrices() throws {
    let routers = [oracle(table), RandomRouter()]
    let one = try table.cell(routers, costs: costs)
    let other = try table.cell(routers, costs: Self.costs([1, 2, 4, 8, 16].map { $0 / 4096 }))
    for (first, second) in zip(one.routers, other.routers) {
      let (a, b) = (try #require(first.costCurve), try #require(second.costCurve))
      #expect(a.averageQuality == b.averageQuality && a.gain == b.gain && a.saving == b.saving)
      #expect(a.points.map(\.price) == b.points.map { $0.price / 4096 })
    }
  }

  @Test func whoIsAsGoodAndCheaperSaves() throws {
    // Two LLMs that answer alike, one of them ten times dearer: the best of equals is the first.
    let rows = (0..<60).map { query -> [Float?] in
      let right: Float = query % 3 == 0 ? 0 : 1
      return [right, right, query % 2 == 0 ? 1 : 0]
    }
    let table = try TableBenchmark(rows, parts: (0..<60).map { $0 < 20 ? .train : .test })
    let cheap = ScriptedRouter("cheap") { _, llm in llm == "llm1" ? 1 : 0 }
    let cell = try table.cell([cheap], costs: Self.costs([10, 1, 2]))
    let saving = try #require(cell.routers[0].costCurve?.saving)
    #expect(abs(saving.value - 0.9) < 1e-6 && (saving.low ?? 0) > 0.89)
    let free = try table.cell([cheap], costs: Self.costs([0, 1, 2]))
    #expect(free.routers[0].costCurve?.saving == nil, "nothing can be saved of nothing")
    let equal = try table.cell([cheap], costs: Self.costs([3, 3, 3]))
    let curve = try #require(equal.routers[0].costCurve)
    #expect(curve.points.count == 1 && curve.averageQuality.value == equal.routers[0].mu.value)
  }

  @Test func whatAllAnswersAgreeOnIsNotCertain() throws {
    let table = try TableBenchmark(
      Array(repeating: [1, 1], count: 20), parts: Array(repeating: .test, count: 20))
    let cell = try table.cell([oracle(table)], costs: Self.costs([1, 2]))
    let curve = try #require(cell.routers[0].costCurve)
    #expect(curve.averageQuality.value == 1 && (curve.averageQuality.low ?? 1) < 0.9)
    #expect((cell.singleCosts?.averageQuality.low ?? 1) < 0.9)
    let equal = try table.cell([oracle(table)], costs: Self.costs([2, 2]))
    #expect(equal.routers[0].costCurve?.averageQuality == equal.routers[0].mu)
  }

  @Test func costsKeepTheirDigits() throws {
    let cell = try table.cell([oracle(table)], costs: Self.costs([0.1, 0.2, 0.3, 0.7, 1.1]))
    #expect(cell.singleCosts?.costs == [0.1, 0.2, 0.3, 0.7, 1.1])
    #expect(cell.routers[0].costCurve?.points.last?.cost == 0.1)
  }

  @Test func aTwinThatIsCheaperSavesOnEveryResample() throws {
    var generator = SeededGenerator(seed: 3, stream: "grades")
    let rows = (0..<90).map { _ -> [Float?] in
      let grade = generator.uniform()
      return [grade, grade, grade * 0.9]
    }
    let table = try TableBenchmark(rows, parts: Array(repeating: .test, count: 90))
    let cheap = ScriptedRouter("cheap") { _, llm in llm == "llm1" ? 1 : 0 }
    let saving = try table.cell([cheap], costs: Self.costs([10, 1, 2])).routers[0].costCurve?.saving
    #expect(abs((saving?.low ?? 0) - 0.9) < 1e-6, "\(String(describing: saving))")
  }

  @Test func picksThatAreScoresHaveNoPrices() throws {
    let mix = try MixRouter(oracleShare: 0.5, name: "mix:0.5", [table.benchmark], catalog: table.catalog)
    #expect(try table.cell([mix], costs: costs).routers[0].costCurve == nil)
    let spread = ScriptedRouter("spread", policy: SpreadPolicy([])) { _, _ in 0.5 }
    #expect(try table.cell([spread], costs: costs).routers[0].costCurve == nil)
    #expect(try table.cell([RandomRouter()]).routers[0].costCurve == nil, "nobody asked for costs")
  }

  @Test func otherRoutersAndOtherPartsChangeNothing() throws {
    let alone = try table.cell([RandomRouter()], costs: costs).routers[0].costCurve
    let among = try table.cell([oracle(table), means(table), RandomRouter()], costs: costs).routers[2]
      .costCurve
    #expect(alone == among && alone != nil)
  }

  @Test func whereAnswersAreMissingTheStandInIsPaid() throws {
    let rows = (0..<40).map { query -> [Float?] in
      query % 4 == 0 ? [nil, 1, 0] : [1, query % 3 == 0 ? 1 : 0, 0]
    }
    let table = try TableBenchmark(rows, parts: (0..<40).map { $0 < 20 ? .train : .test })
    let cell = try table.cell([oracle(table)], missing: .available, costs: Self.costs([8, 4, 1]))
    let single = try #require(cell.singleCosts)
    #expect(abs(single.costs[0] - (8 * 0.75 + 4 * 0.25)) < 1e-6 && single.costs[2] == 1)
    #expect(cell.routers[0].costCurve?.points.last?.cost == 1)
  }

  @Test func resultsReadBackAsTheyWereWritten() throws {
    let cell = try table.cell([oracle(table), RandomRouter()], costs: costs)
    let data = try JSONEncoder().encode(cell)
    #expect(try JSONDecoder().decode(CellResult.self, from: data) == cell)
    let plain = try JSONEncoder().encode(try table.cell([RandomRouter()]))
    #expect(!String(decoding: plain, as: UTF8.self).contains("cost"))
  }

  @Test func anAnswersOwnCostIsPaidOrElseTheMeanOnTrain() throws {
    // On train llm0 costs 2 and 4, llm1 10 once; on test the first cost is not known.
    let table = try TableBenchmark(
      [[1, 0], [0, 1], [1, 1], [0, 1]], parts: [.train, .train, .test, .test])
    let costs = Matrix([[2, 10], [4, .nan], [.nan, 20], [8, 30]])
    let benchmark = try table.benchmark.with(costs: costs)
    let pool = try PoolResponses(
      benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allWeak, llms: [1, 0]),
      costs: .byResponse)
    let own = try #require(pool.costs)
    #expect(own.expected == [10, 3] && pool.candidates.costs == [10, 3] && own.unknownShare == 0.25)
    #expect([0, 1].map { own.cost(of: $0, with: 0) } == [20, 30])
    #expect([0, 1].map { own.cost(of: $0, with: 1) } == [3, 8])
    let routed = try PoolEvaluation(pool, of: benchmark, embeddings: table.embeddings)
      .route(OracleRouter([benchmark], catalog: table.catalog))
    let cell = CellResult(
      pool, source: .constructed, routed: [routed], bootstrap: Bootstrap(resamples: 20))
    #expect(cell.singleCosts?.costs == [25, 5.5])
    #expect(cell.notes.contains { $0.hasPrefix("costs: 25% of the measured answers' costs are not known") })
  }

  @Test func aCellThatDoesNotFitItselfIsRefused() throws {
    let cell = try table.cell([oracle(table)], costs: costs)
    let text = String(decoding: try JSONEncoder().encode(cell), as: UTF8.self)
    let damages = [
      (#""best":"#, #""best":7"#), (#""points":["#, #""points":[],"old":["#),
      (#""hull":["#, #""hull":[],"old":["#),
    ]
    for (old, new) in damages {
      let damaged = text.replacing(old, with: new, maxReplacements: 1)
      #expect(damaged != text)
      #expect(throws: DecodingError.self, "\(new)") {
        try JSONDecoder().decode(CellResult.self, from: Data(damaged.utf8))
      }
    }
  }

  @Test func anLLMWithoutACostIsNamed() throws {
    #expect { try table.cell([RandomRouter()], costs: Self.costs([1, 2, 4])) } throws: {
      "\($0)".contains("no cost of LLM 'llm3' of benchmark")
    }
    #expect { try table.cell([RandomRouter()], costs: .byResponse) } throws: {
      "\($0)".contains("does not know what its answers cost")
    }
  }

  /// Queries of two kinds, which a router tells apart: an LLM for each that costs 3, and a cheap one that is as good on neither.
  private func draw(_ trial: Int) throws -> TableBenchmark {
    var generator = SeededGenerator(seed: 31, stream: "costs", trial)
    let rates: [[Float]] = [[0.9, 0.5, 0.45], [0.4, 0.8, 0.5]]
    let rows = (0..<200).map { query -> [Float?] in
      rates[query % 2].map { generator.uniform() < $0 ? 1 : 0 }
    }
    return try TableBenchmark(rows, parts: Array(repeating: .test, count: 200))
  }

  @Test func intervalsHoldTheTruth() throws {
    let rates: [[Float]] = [[0.9, 0.5, 0.45], [0.4, 0.8, 0.5]]
    let kinds = ScriptedRouter("kinds", predicts: true) { query, llm in
      rates[query % 2][llm == "llm0" ? 0 : llm == "llm1" ? 1 : 2]
    }
    let costs = Self.costs([3, 3, 1])
    // Single LLMs: (1, .475), (3, .65), (3, .65). The router: from (1, .475) by (2, .7) to (3, .85).
    let (single, own) = (0.5625, ((0.475 + 0.7) / 2 + (0.7 + 0.85) / 2) / 2)
    var held = [0, 0]
    let trials = 60
    for trial in 0..<trials {
      let curve = try #require(
        try draw(trial).cell([kinds], resamples: 300, costs: costs).routers[0].costCurve)
      for (place, (estimate, truth)) in [(curve.averageQuality, own), (curve.gain, own - single)].enumerated()
      {
        if (estimate.low ?? 1) <= truth, truth <= (estimate.high ?? 0) { held[place] += 1 }
      }
    }
    // 57 of 60 are expected; fewer than 51 come by chance in one of 300.
    #expect(held[0] >= 51 && held[1] >= 51, "\(held) of \(trials)")
  }
}
