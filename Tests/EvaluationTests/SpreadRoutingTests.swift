import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Evaluation

/// Evaluation picks by a router's own policy, and moves the probabilities behind E_p as that does.
@Suite struct SpreadRoutingTests {
  @Test func ownPolicyMovesPicksAndProbabilities() throws {
    let table = try TableBenchmark.checkerboard(llmCount: 2)
    let pool = try PoolResponses(
      table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allStrong, llms: [0, 1]))
    let evaluation = try PoolEvaluation(pool, of: table.benchmark, embeddings: table.embeddings)
    let score: @Sendable (Int, String) -> Float = { _, llm in llm == "llm0" ? 0.2 : 0.1 }
    let rule = SpreadRule(.adjustment, strength: 1, unit: 1, shares: [1, 0])
    let policy = SpreadPolicy([SpreadPolicy.PoolRule(llms: pool.llms, rule: rule)])
    let before = try evaluation.route(ScriptedRouter("a", score: score))
    let after = try evaluation.route(ScriptedRouter("a", policy: policy, score: score))
    #expect(before.pickShares == [1, 0] && after.pickShares == [0, 1])
    #expect(after.policy == "spread")
    // log(1.001/0.001) = 6.9 in favour of the other one.
    #expect((before.entropies.first ?? 0) > 0.99 && (after.entropies.first ?? 1) < 0.05)
  }
}
