import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Learning

/// Who gets the validation queries on which candidates tie.
@Suite struct ValidationTiesTests {
  private let table: TableBenchmark
  private let data: TrainingData

  /// Of 20 LLMs the later ones are better on train; on validation it is the other way round.
  init() throws {
    let random = try TableBenchmark.random(queryCount: 400, llmCount: 20, seed: 4)
    let parts = random.benchmark.split.parts
    let rows = (0..<400).map { query in
      (0..<20).map { random.benchmark.responses[query, parts[query] == .validation ? 19 - $0 : $0] }
    }
    table = try TableBenchmark(name: "random", rows, parts: parts)
    data = try TrainingData(TrainingSample.dataset(table))
  }

  /// The mean over the pools of one candidate's mean on validation over the best one's.
  private func value(picking pick: (_ pool: CandidatePool, _ trainMeans: [Double]) -> Int) throws -> Double {
    let block = data.blocks[0]
    let means = try ResponseMatrix(block.train.cells).llmMeans().map { try #require($0) }
    let own = try ResponseMatrix(block.validation.cells).llmMeans().map { try #require($0) }
    let values = try block.validationPools.map { pool in
      try own[pick(pool, means)] / #require(pool.llms.map { own[$0] }.max())
    }
    return values.reduce(0, +) / Double(values.count)
  }

  private func value(of router: any Router) throws -> Double {
    let validation = try #require(ValidationSet(data))
    return try #require(try validation.metrics(of: router).bestSingleModelValue)
  }

  @Test func equalScoresGoToTheBestOnTrain() throws {
    let equal = ScriptedRouter("equal", predicts: true) { _, _ in 0.5 }
    let expected = try value { pool, means in
      pool.llms.dropFirst().reduce(pool.llms[0]) { means[$1] > means[$0] ? $1 : $0 }
    }
    let first = try value { pool, _ in pool.llms[0] }
    #expect(abs(expected - first) > 0.05, "the rules do not differ")
    #expect(abs(try value(of: equal) - expected) < 1e-9)
  }

  @Test func aRouterWithAPolicyOfItsOwnKeepsIt() throws {
    let first = ScriptedRouter("first", policy: HighestScore(ties: .first), predicts: true) { _, _ in 0.5 }
    #expect(abs(try value(of: first) - value { pool, _ in pool.llms[0] }) < 1e-9)
  }
}
