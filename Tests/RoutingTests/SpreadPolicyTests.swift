import Foundation
import NumericKernels
import Routing
import Testing

/// What spread picks are, by hand and by what must not change them.
@Suite struct SpreadPolicyTests {
  private let names = ["a", "b", "c"]
  private let shares = [0.8, 0.2, 0.0]
  private let scores = Scores(Matrix([[0.6, 0.59, 0.1], [0.3, 0.1, 0.29], [0.2, 0.9, 0.2]]))

  private func policy(_ family: SpreadRule.Family, _ strength: Double) -> SpreadPolicy {
    SpreadPolicy([
      SpreadPolicy.PoolRule(
        llms: names, rule: SpreadRule(family, strength: strength, unit: 0.01, shares: shares))
    ])
  }

  private func picks(_ family: SpreadRule.Family, _ strength: Double) -> Matrix {
    policy(family, strength).picks(scores, among: Candidates(names))
  }

  @Test func noStrengthIsTheHighestScore() {
    for family in SpreadRule.Family.allCases {
      #expect(picks(family, 0) == Matrix([[1, 0, 0], [1, 0, 0], [0, 1, 0]]))
    }
  }

  @Test func adjustmentTakesFromThoseThatHadMost() {
    // τ = 0.01·log differs by 0.0138 between a and b and by 0.0669 between a and c.
    #expect(picks(.adjustment, 1) == Matrix([[0, 1, 0], [0, 0, 1], [0, 1, 0]]))
    #expect(picks(.adjustment, 0.1) == picks(.adjustment, 0))
  }

  @Test func nearTiesShareByWhatTheyHad() {
    let picks = picks(.nearTies, 2)
    let weights = [1 / 0.801, 1 / 0.201]
    #expect(abs(Double(picks[0, 0]) - weights[0] / (weights[0] + weights[1])) < 1e-6)
    #expect(picks[0, 2] == 0 && picks[2, 1] == 1 && picks[1, 1] == 0 && picks[1, 2] > 0.99)
    // Standard errors of the router take the place of the unit: ε·√(0.003² + 0.004²) = 0.01.
    let errors = Matrix([[0.003, 0.004, 1], [0.003, 0.004, 0.001], [0, 0, 0]])
    let rule = SpreadRule(.nearTies, strength: 2.1, unit: 100, shares: shares)
    let own = rule.picks(
      Scores(scores.values, standardErrors: errors), among: Candidates(names), ties: .trainMean)
    #expect(own[0, 1] > own[0, 0] && own[0, 2] > 0.9 && own[1, 0] == 1 && own[2, 1] == 1)
  }

  @Test func temperatureIsTheSoftmax() {
    let picks = picks(.temperature, 3)
    let weights = scores.values.row(0).map { exp(Double($0) / 0.03) }
    #expect(abs(Double(picks[0, 1]) - weights[1] / weights.reduce(0, +)) < 1e-5)
  }

  @Test func orderOfCandidatesChangesNothing() {
    let order = [2, 0, 1]
    for family in SpreadRule.Family.allCases {
      let moved = policy(family, 1.5).picks(
        Scores(scores.values.selecting(columns: order)), among: Candidates(order.map { names[$0] }))
      #expect(moved == picks(family, 1.5).selecting(columns: order))
    }
  }

  @Test func otherCandidatesKeepTheHighestScore() {
    let policy = policy(.temperature, 5)
    let two = Scores(scores.values.selecting(columns: [0, 1]))
    #expect(policy.picks(two, among: Candidates(["a", "b"])) == Matrix([[1, 0], [1, 0], [0, 1]]))
    #expect(policy.rule(for: Candidates(["a", "b", "d"])) == nil)
  }

  @Test func publishedProbabilitiesMoveWithTheScores() {
    let published = Elementwise.softmaxRows(scores.values)
    var moved = scores.values
    for row in 0..<3 {
      for llm in 0..<3 { moved[row, llm] -= Float(0.01 * 3 * log(shares[llm] + 0.001)) }
    }
    let adjusted = policy(.adjustment, 3).selectionProbabilities(published, among: Candidates(names))
    let expected = Elementwise.softmaxRows(moved)
    for row in 0..<3 { for llm in 0..<3 { #expect(abs(adjusted[row, llm] - expected[row, llm]) < 1e-6) } }
    #expect(policy(.nearTies, 3).selectionProbabilities(published, among: Candidates(names)) == published)
    // What is 0 stays 0.
    let hard = policy(.adjustment, 3).selectionProbabilities(Matrix([[1, 0, 0]]), among: Candidates(names))
    #expect(hard == Matrix([[1, 0, 0]]))
  }
}
