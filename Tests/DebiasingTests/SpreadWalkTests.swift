import Evaluation
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Debiasing

/// How far a walk goes, in worlds whose truth is known.
@Suite struct SpreadWalkTests {
  /// Two LLMs of which the router always prefers the first a little; the second is as good, or worse by `gap`.
  private func sample(_ count: Int, gap: Float, seed: UInt64 = 1) -> SpreadSample {
    var generator = SeededGenerator(seed: seed, stream: "walk")
    var (scores, responses) = (Matrix(rows: count, columns: 2), Matrix(rows: count, columns: 2))
    for row in 0..<count {
      scores[row, 0] = 0.02 * abs(generator.normal())
      responses[row, 0] = generator.uniform() < 0.6 ? 1 : 0
      responses[row, 1] = generator.uniform() < 0.6 - gap ? 1 : 0
    }
    return SpreadSample(
      candidates: Candidates(["a", "b"], trainMeans: [0.6, 0.6]), scores: Scores(scores),
      published: Elementwise.softmaxRows(scores), responses: responses)
  }

  @Test func goesFarWhereNothingIsLost() throws {
    let walk = SpreadWalk(margin: 0.1, families: [.adjustment])
    let sample = sample(2_000, gap: 0)
    let steps = walk.steps(.adjustment, on: sample)
    #expect(steps.count == SpreadWalk.strengths.count && steps.allSatisfy(\.isAccepted))
    let rule = try #require(walk.rule([.adjustment: steps], on: sample))
    // Too much of it turns the collapse round: the best lies between.
    #expect(rule.strength < SpreadWalk.strengths.last ?? 0)
    #expect(sample.spread(by: rule).entropy > 0.95 && sample.collapsed.entropy < 0.01)
  }

  @Test(arguments: SpreadRule.Family.allCases) func endsAtTheFirstStepThatLoses(family: SpreadRule.Family) {
    let walk = SpreadWalk(margin: 0.02, families: [family])
    let sample = sample(2_000, gap: 0.2)
    let steps = walk.steps(family, on: sample)
    #expect(steps.count < SpreadWalk.strengths.count)
    #expect(steps.dropLast().allSatisfy(\.isAccepted) && steps.last?.isAccepted == false)
    for step in steps { #expect(step.isAccepted == (step.low > -0.02) && step.low <= step.difference) }
    let rule = walk.rule([family: steps], on: sample)
    #expect(rule?.strength ?? 0 < steps.last?.strength ?? 0)
  }

  @Test func tooFewQueriesShowNothing() {
    let walk = SpreadWalk(margin: 0.005)
    let few = sample(walk.fewestQueries - 1, gap: 0)
    for family in walk.families {
      #expect(walk.steps(family, on: few).map(\.isAccepted) == [false])
    }
    #expect(walk.fewestQueries > 800 && walk.fewestQueries < 1_000)
    #expect(SpreadWalk(margin: 0.005, families: [.adjustment]).fewestQueries < 560)
  }

  /// The scale of scores and the names of LLMs change nothing.
  @Test func scaleOfScoresChangesNothing() throws {
    let one = sample(1_000, gap: 0.1)
    let scaled = SpreadSample(
      candidates: one.candidates, scores: Scores(one.scores.values.scaled(by: 64)), published: one.published,
      responses: one.responses)
    let walk = SpreadWalk(margin: 0.05, families: [.adjustment, .nearTies])
    for family in walk.families { #expect(walk.steps(family, on: one) == walk.steps(family, on: scaled)) }
  }

  /// More than the margin is lost by what was chosen in at most one of twenty samples.
  @Test func losesMoreThanTheMarginRarely() {
    let walk = SpreadWalk(margin: 0.02, families: [.adjustment])
    let truth = sample(20_000, gap: 0.1, seed: 99)
    var wrong = 0
    for seed in 0..<20 {
      let own = sample(800, gap: 0.1, seed: UInt64(seed))
      guard let rule = walk.rule([.adjustment: walk.steps(.adjustment, on: own)], on: own) else { continue }
      if truth.spread(by: rule).mu - truth.collapsed.mu < -0.02 { wrong += 1 }
    }
    #expect(wrong <= 4, "\(wrong) of 20")
  }

  /// What is chosen depends on the queries that choose and on no test query.
  @Test func testQueriesChooseNothing() throws {
    let pool = try pool()
    let walk = SpreadWalk(margin: 0.1)
    let choosing = sample(1_500, gap: 0.05)
    let one = SpreadOutcome(walk, pool: pool, choosing: choosing, test: sample(1_000, gap: 0, seed: 2))
    let other = SpreadOutcome(walk, pool: pool, choosing: choosing, test: sample(1_000, gap: 0.6, seed: 3))
    #expect(one.family == other.family && one.strength == other.strength && one.walks == other.walks)
    #expect(one.family != nil && one.after.entropy > one.before.entropy)
    #expect(one.isNonInferior && !other.isNonInferior)
    let interval = try #require(one.difference.low)
    #expect(interval <= one.difference.value)
  }

  private func pool() throws -> PoolResponses {
    let table = try TableBenchmark.checkerboard(llmCount: 2)
    return try PoolResponses(
      table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allStrong, llms: [0, 1]))
  }
}
