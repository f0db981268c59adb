import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Routing

@Suite struct PolicyTests {
  // Train means: llm0 0, llm1 1/2, llm2 1/2, llm3 no train response at all.
  let table: TableBenchmark
  let scores = Matrix([[1, 2, 3, 0], [5, 5, 5, 5], [7, 1, 1, 7]])

  init() throws {
    table = try TableBenchmark(
      [
        [0, 1, 0, nil], [0, 0, 1, nil],
        [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, 1],
      ],
      parts: [.train, .train, .test, .test, .test])
  }

  private func picks(_ policy: some Policy) -> Matrix {
    policy.picks(Scores(scores), among: table.candidates())
  }

  private func check(_ scores: Scores) throws {
    try scores.check(of: "r", for: table.batch(), among: table.candidates())
  }

  @Test func trainMeanBreaksTiesThenTheFirst() {
    #expect(picks(HighestScore(ties: .trainMean)) == Matrix([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0]]))
    #expect(picks(HighestScore()) == picks(HighestScore(ties: .trainMean)))
  }

  @Test func firstTakesTheFirst() {
    #expect(picks(HighestScore(ties: .first)) == Matrix([[0, 0, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0]]))
  }

  /// Without train means, nothing but the order can break a tie.
  @Test func unknownMeansLeaveTheFirst() {
    let unknown = Candidates(table.llmNames)
    #expect(
      HighestScore(ties: .trainMean).picks(Scores(scores), among: unknown)
        == HighestScore(ties: .first).picks(Scores(scores), among: unknown))
  }

  @Test func sharedSharesEqually() {
    #expect(
      picks(SharedHighestScore()) == Matrix([[0, 0, 1, 0], [0.25, 0.25, 0.25, 0.25], [0.5, 0, 0, 0.5]]))
  }

  @Test func proportionalTakesTheScores() { #expect(picks(ProportionalToScore()) == scores) }

  @Test func policiesSayTheirNamesAndTieRules() {
    let policies: [any Policy] = [
      HighestScore(), HighestScore(ties: .first), SharedHighestScore(), ProportionalToScore(),
    ]
    #expect(policies.map(\.name) == ["highest", "highest", "shared", "proportional"])
    #expect(policies.map(\.tieRule) == [.trainMean, .first, nil, nil])
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func refusesWhatIsNotFinite(_ value: Float) {
    var broken = scores
    broken[1, 2] = value
    let message = { (what: String) in
      DataError(
        "router 'r': \(what) of LLM 'llm2' for query 3 of benchmark 'table' are \(value), expected finite numbers"
      )
    }
    #expect(throws: message("scores")) { try check(Scores(broken)) }
    #expect(throws: message("predicted responses")) { try check(Scores(scores, probabilities: broken)) }
    #expect(throws: message("standard errors")) { try check(Scores(scores, standardErrors: broken)) }
  }

  @Test func refusesAnotherShape() {
    #expect(throws: DataError("router 'r': scores are 3 × 2, expected 3 × 4")) {
      try check(Scores(Matrix(rows: 3, columns: 2)))
    }
  }

  @Test func refusesPredictionsThatAreNoResponses() {
    #expect(
      throws: DataError(
        "router 'r': the predicted response of LLM 'llm2' for query 2 of benchmark 'table' is 3.0, "
          + "expected a number from 0 to 1")
    ) { try check(Scores(scores, probabilities: Matrix([[1, 0, 3, 0], [0, 0, 0, 0], [0, 0, 0, 0]]))) }
  }

  @Test func refusesWhatIsNoDistribution() throws {
    let place = ScorePlace(router: "r", batch: table.batch(), candidates: table.candidates())
    try place.require(distributions: picks(SharedHighestScore()), "picks")
    #expect(
      throws: DataError(
        "router 'r': picks for query 2 of benchmark 'table' are negative or sum to 6.0, expected 1")
    ) { try place.require(distributions: scores, "picks") }
    #expect(throws: DataError.self) {
      try place.require(
        distributions: Matrix([[1, 0, 0, 0], [2, -1, 0, 0], [1, 0, 0, 0]]), "picks")
    }
  }
}
