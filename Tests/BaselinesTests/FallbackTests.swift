import Baselines
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

/// What routers of neighbours and clusters say of LLMs without an answer near the query.
///
/// Near the test query nobody answered; far away llm0 was right on 3 of 4 queries and llm1 on 1 of 4; llm2 never answered.
@Suite struct FallbackTests {
  private let table: TableBenchmark

  init() throws {
    table = try TableBenchmark(
      [
        [nil, nil, nil], [nil, nil, nil],
        [1, 0, nil], [1, 0, nil], [0, 1, nil], [1, 0, nil],
        [1, 1, 1],
      ], parts: [.train, .train, .train, .train, .train, .train, .test],
      embeddings: Matrix([[1, 0], [0.99, 0.01], [0, 10], [0.1, 10], [0, 10.1], [0.1, 10.1], [1, 0.02]]))
  }

  private let expected = Matrix([[0.75, 0.25, 0.5]])

  @Test func neighboursWithoutAnAnswerLeaveTheTrainMeanAndWithoutAnyAHalf() throws {
    let router = try table.trained(NearestNeighbourTrainer(neighbours: 2))
    #expect(try router.scores(for: table.batch(), among: table.candidates()).values == expected)
  }

  @Test func clustersWithoutAnAnswerLeaveTheTrainMeanAndWithoutAnyAHalf() throws {
    let router = try table.trained(ClusterTrainer<CentroidClusters>(clusters: 2))
    #expect(try router.scores(for: table.batch(), among: table.candidates()).values == expected)
  }

  /// The far queries belong to the near component by nothing that a `Float` shows.
  @Test func componentsOfAMixtureWithoutAnAnswerLeaveTheTrainMeanAndWithoutAnyAHalf() throws {
    let router = try table.trained(ClusterTrainer<MixtureClusters>(clusters: 2))
    let found = try router.scores(for: table.batch(), among: table.candidates())
    #expect(zip(found.values.row(0), expected.row(0)).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  /// Of LLMs that are equal in a cluster, one that never answered is not its best.
  @Test func anLLMWithoutAnAnswerLosesATieOfClusters() throws {
    let half = try TableBenchmark(
      [[nil, 1], [nil, 0], [nil, 1], [nil, 0], [1, 1]], parts: [.train, .train, .train, .train, .test],
      embeddings: Matrix([[0], [0.1], [10], [10.1], [1]]))
    let router = try half.trained(ClusterTrainer<CentroidClusters>(clusters: 2))
    let (batch, candidates) = (half.batch(), half.candidates())
    let scores = try router.scores(for: batch, among: candidates)
    #expect(scores.values == Matrix([[0.5, 0.5]]))
    #expect(
      try SelectionProbabilities.of(router, scores: scores, for: batch, among: candidates).row(0).last == 1)
  }
}
