import Evaluation
import NumericKernels
import Recommenders
import RoutingData
import TestSupport
import Testing

@Suite struct ScorerTests {
  // Train means: llm0 0, llm1 1/2, llm2 1/2, llm3 no train response at all.
  let pool: PoolResponses
  let scores = Matrix([[1, 2, 3, 0], [5, 5, 5, 5], [7, 1, 1, 7]])

  init() throws {
    let table = try TableBenchmark(
      [
        [0, 1, 0, nil], [0, 0, 1, nil],
        [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, 1],
      ],
      parts: [.train, .train, .test, .test, .test])
    pool = try PoolResponses(
      table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allWeak, llms: [0, 1, 2, 3]))
  }

  @Test func trainMeanBreaksTiesThenTheFirst() throws {
    let picks = try Scorer(.trainMean).picks(ofScores: scores, policy: .highest, router: "r", pool: pool)
    #expect(picks == Matrix([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0]]))
  }

  @Test func firstTakesTheFirst() throws {
    let picks = try Scorer(.first).picks(ofScores: scores, policy: .highest, router: "r", pool: pool)
    #expect(picks == Matrix([[0, 0, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0]]))
  }

  @Test func sharedSharesEqually() throws {
    let picks = try Scorer().picks(ofScores: scores, policy: .shared, router: "r", pool: pool)
    #expect(picks == Matrix([[0, 0, 1, 0], [0.25, 0.25, 0.25, 0.25], [0.5, 0, 0, 0.5]]))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func refusesWhatIsNotFinite(_ value: Float) {
    var broken = scores
    broken[1, 2] = value
    #expect(
      throws: DataError(
        "router 'r': scores of LLM 'llm2' for query 3 of benchmark 'table' are \(value), expected finite numbers"
      )
    ) { try Scorer().picks(ofScores: broken, policy: .highest, router: "r", pool: pool) }
  }

  @Test func refusesAnotherShape() {
    #expect(throws: DataError("router 'r': scores are 3 × 2, expected 3 × 4")) {
      try Scorer().picks(ofScores: Matrix(rows: 3, columns: 2), policy: .highest, router: "r", pool: pool)
    }
  }
}
