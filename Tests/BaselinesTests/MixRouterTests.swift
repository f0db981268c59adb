import Baselines
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@Suite struct MixRouterTests {
  let table: TableBenchmark

  init() throws {
    table = try TableBenchmark([[1, 0, 0, 1], [0, 0, 0, 0]], parts: [.test, .test])
  }

  @Test func mixesTheOracleWithAUniformChoice() throws {
    let router = try MixRouter(oracleShare: 0.5, [table.benchmark], catalog: table.catalog)
    #expect(router.name == "mix:0.5")
    let scores = try router.scores(for: table.batch(), among: table.candidates())
    // Half of (1/2, 0, 0, 1/2) and half of 1/4; where none is right the oracle is uniform too.
    #expect(scores.values == Matrix([[0.375, 0.125, 0.125, 0.375], [0.25, 0.25, 0.25, 0.25]]))
    #expect(
      try SelectionProbabilities.of(router, scores: scores, for: table.batch(), among: table.candidates())
        == scores.values)
    #expect(router.policy is ProportionalToScore)
    #expect(scores.probabilities == nil)
  }

  @Test func refusesWhatIsNoProbability() throws {
    #expect(throws: DataError("router 'mix:2': p is 2.0, expected a number in [0, 1]")) {
      _ = try MixRouter(oracleShare: 2, name: "mix:2", [table.benchmark], catalog: table.catalog)
    }
    #expect(throws: DataError("router 'mix:nan': p is nan, expected a number in [0, 1]")) {
      _ = try MixRouter(oracleShare: .nan, [table.benchmark], catalog: table.catalog)
    }
    let router = try MixRouter(oracleShare: 0.3, name: "mix:.3", [table.benchmark], catalog: table.catalog)
    #expect(
      throws: DataError("router 'mix:.3': unknown LLM 'x', no responses to benchmark 'table'")
    ) { try router.scores(for: table.batch(), among: Candidates(["x"])).values }
  }
}
