import Baselines
import Evaluation
import Foundation
import Metrics
import NumericKernels
import RoutingData
import Synchronization
import TestSupport
import Testing

@Suite struct EvaluationGridTests {
  let bootstrap = Bootstrap(resamples: 40)

  func evaluate(_ table: TableBenchmark, sizes: [Int], groups: [CandidateGroup]) throws -> GridResult {
    let dataset = try table.dataset()
    let grid = EvaluationGrid(sizes: sizes, groups: groups, bootstrap: bootstrap)
    return try grid.evaluate(
      grid.plan(dataset.benchmarks, of: dataset), embeddings: { _ in table.embeddings },
      prepare: { benchmark, _ in
        { _ in [OracleRouter([benchmark], catalog: dataset.catalog), RandomRouter()] }
      })
  }

  func withPublishedPool() throws -> TableBenchmark {
    let random = try TableBenchmark.random(queryCount: 60, llmCount: 6, seed: 6)
    let rows = (0..<60).map { query in (0..<6).map { random.benchmark.responses[query, $0] } }
    return try TableBenchmark(
      name: "gsm8k", rows, parts: random.benchmark.split.parts,
      pools: [CandidatePool(group: .allWeak, llms: [4, 1])])
  }

  @Test func usesPublishedPoolsElseConstructs() throws {
    let result = try evaluate(withPublishedPool(), sizes: [2, 3], groups: [.allWeak])
    #expect(result.cells.map(\.pools) == [.published, .constructed])
    #expect(result.cells[0].llms == ["llm4", "llm1"])
    #expect(result.cells[0].queryCount == 24)
    #expect(result.cells.map(\.size) == [2, 3])
    #expect(result.cells[0].routers.map(\.name) == ["oracle", "random"])
    #expect(result.skipped.isEmpty)
  }

  @Test func poolsFromTrainAreNotThePublishedOnes() throws {
    let dataset = try withPublishedPool().dataset()
    let grid = EvaluationGrid(sizes: [2], groups: [.allWeak], poolQueries: .train)
    let cells = grid.plan(dataset.benchmarks, of: dataset).cells
    #expect(cells.map(\.source) == [.constructedFromTrain])
    #expect(
      try cells[0].pool
        == PoolConstruction(dataset.benchmarks[0], from: .train).pool(size: 2, group: .allWeak, seed: 0))
  }

  @Test func measuresTheValidationQueries() throws {
    let table = try withPublishedPool()
    let dataset = try table.dataset()
    let grid = EvaluationGrid(sizes: [2], groups: [.allWeak], measured: .validation, bootstrap: bootstrap)
    let asked = Mutex<Set<Int>>([])
    let result = try grid.evaluate(
      grid.plan(dataset.benchmarks, of: dataset), embeddings: { _ in table.embeddings },
      prepare: { _, _ in
        { _ in
          [
            ScriptedRouter("last") { query, llm in
              asked.withLock { _ = $0.insert(query) }
              return llm == "llm1" ? 1 : 0
            }
          ]
        }
      })
    let validation = table.benchmark.split.queries(in: .validation)
    #expect(asked.withLock { $0 } == Set(validation))
    let cell = result.cells[0]
    #expect(cell.measured == .validation && cell.queryCount == validation.count)
    let right = validation.reduce(0.0) { $0 + Double(table.benchmark.responses[$1, 1] ?? 0) }
    #expect(abs(cell.routers[0].mu.value - right / Double(validation.count)) < 1e-12)
    #expect(try result.json().contains("\"split\" : \"validation\""))
    #expect(ResultTable.csv(result.cells).contains(",6,0,validation,"))
  }

  @Test func aPartWithoutQueriesIsNamed() throws {
    let table = try TableBenchmark([[1, 0], [0, 1]], parts: [.train, .test])
    let reason =
      "benchmark 'table', all_weak, m = 2: none of 0 validation queries has a response of every candidate"
    #expect(throws: DataError(reason)) {
      try PoolResponses(
        table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allWeak, llms: [0, 1]),
        measuredOn: .validation)
    }
  }

  @Test func skipsSizesThatTheDataDoNotAllow() throws {
    let result = try evaluate(withPublishedPool(), sizes: [2, 100], groups: [.allWeak])
    #expect(result.cells.count == 1)
    #expect(result.skipped.map(\.size) == [100])
    #expect(result.skipped[0].reason.contains("a pool of 100 needs"))
  }

  @Test func throwsWhereNothingCanBeEvaluated() throws {
    let error = #expect(throws: DataError.self) {
      try evaluate(withPublishedPool(), sizes: [100], groups: CandidateGroup.allCases)
    }
    #expect(error?.description.hasPrefix("nothing to evaluate: benchmark 'gsm8k': a pool of 100") == true)
    // A pool whose candidates have no test query in common.
    let apart = try TableBenchmark(
      [[1, 0], [1, nil], [nil, 1]], parts: [.train, .test, .test],
      pools: [CandidatePool(group: .allStrong, llms: [0, 1])])
    #expect(
      throws: DataError(
        "nothing to evaluate: benchmark 'table', all_strong, m = 2: none of 2 test queries has a response "
          + "of every candidate: see --missing available")
    ) { try evaluate(apart, sizes: [2], groups: [.allStrong]) }
  }

  @Test func refusesBadPoolsRoutersAndEmbeddings() throws {
    let table = try withPublishedPool()
    for llms in [[], [1, 1], [0, 6]] {
      #expect(throws: DataError.self) {
        try PoolResponses(
          table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allWeak, llms: llms))
      }
    }
    let pool = try PoolResponses(
      table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allWeak, llms: [0, 1]))
    #expect(throws: DataError("benchmark 'gsm8k': embeddings of 3 queries, expected 60")) {
      try PoolEvaluation(pool, of: table.benchmark, embeddings: Matrix(rows: 3, columns: 1))
    }
    let evaluation = try PoolEvaluation(pool, of: table.benchmark, embeddings: table.embeddings)
    #expect(throws: DataError("two routers are named 'random'")) {
      try evaluation.evaluate([RandomRouter(), RandomRouter()], source: .published)
    }
  }

  @Test func tieRuleCanBeReplaced() throws {
    let table = try withPublishedPool()
    let dataset = try table.dataset()
    let grid = EvaluationGrid(sizes: [2], groups: [.allWeak], ties: .first, bootstrap: bootstrap)
    let heard = Mutex<[Int]>([])
    let result = try grid.evaluate(
      grid.plan(dataset.benchmarks, of: dataset), embeddings: { _ in table.embeddings },
      prepare: { _, _ in { _ in [ScriptedRouter("equal") { _, _ in 0 }, RandomRouter()] } },
      onCell: { done in heard.withLock { $0.append(done) } })
    // All scores tie: the first of the pool takes every query.
    #expect(result.cells[0].routers[0].pickShares == [1, 0])
    #expect(result.cells[0].routers[0].tieRule == .first)
    // A router that shares what ties goes on doing so.
    #expect(result.cells[0].routers[1].pickShares == [0.5, 0.5])
    #expect(result.cells[0].routers[1].tieRule == nil)
    #expect(heard.withLock { $0 } == [1])
  }

  @Test func jsonIsStableAndReadsBack() throws {
    let result = try evaluate(withPublishedPool(), sizes: [2, 3], groups: [.allWeak, .allStrong])
    let json = try result.json()
    #expect(try result.json() == json)
    #expect(try JSONDecoder().decode(GridResult.self, from: Data(json.utf8)) == result)
  }

  @Test func missingEndsAndDifferencesAreNull() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let difference = PairedDifference(mu: Estimate(0.5, nil), bestSingleModelValue: nil, pValue: 0.25)
    #expect(
      try String(decoding: encoder.encode(difference), as: UTF8.self)
        == #"{"mu":{"high":null,"low":null,"value":0.5},"p":0.25,"vb":null}"#)
  }

  @Test func undefinedValuesAreNullInJSONAndEmptyInCSV() throws {
    let table = try TableBenchmark(
      name: "a,\"b\"", [[0, 0], [0, 0]], parts: [.test, .test],
      pools: [CandidatePool(group: .allWeak, llms: [0, 1])])
    let result = try evaluate(table, sizes: [2], groups: [.allWeak])
    let json = try result.json()
    for key in [
      "vr", "vb", "vb_train", "difference_to_best_single", "train_best", "gap_closed", "p_value", "null_vb",
      "log_loss", "auc", "brier", "ece",
    ] {
      #expect(json.contains("\"\(key)\" : null"))
    }
    #expect(!json.lowercased().contains("nan"))
    let loss = -log(0.999)
    let lines = ResultTable.csv(result.cells).split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(
      lines[0].hasPrefix(
        "benchmark,m,group,pools,router,policy,ties,queries,left_out_queries,split,mu,mu_low,mu_high,vr,")
    )
    #expect(
      lines[0].hasSuffix(
        ",regret,regret_low,regret_high,gap_closed,gap_closed_low,gap_closed_high,log_loss,log_loss_low,log_loss_high,brier,brier_low,brier_high,"
          + "ece,ece_low,ece_high,null_vb,null_vb_low,null_vb_high,auc,p,p_holm,missing,too_few_queries"))
    // μ = 0 exactly; the oracle shares two wrong LLMs: one bit each for E_p and pick entropy. It has no
    // regret and predicts that all is wrong: Brier score and ECE are 0, the log-loss −log 0.999 = 0.0010005.
    // Two queries say little of others: what was 0 on both may be up to 1 − 0.025^(1/2) = 0.84.
    #expect(
      lines[1].hasPrefix("\"a,\"\"b\"\"\",2,all_weak,published,oracle,shared,,2,0,test,0.0,0.0,0.84188"))
    #expect(lines[1].contains(",,,,,,,,,,1.0,1.0,1.0,1.0,1.0,1.0,,,,,,,0.0,0.0,0.84188"))
    #expect(lines[1].contains(",,,,\(loss),\(loss),"))
    #expect(lines[1].hasSuffix(",,,,,,complete,true"))
  }
}
