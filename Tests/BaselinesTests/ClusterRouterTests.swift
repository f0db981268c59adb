import Baselines
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@Suite struct ClusterRouterTests {
  /// Train queries at 0 and 10, a test query at 1; llm2 is best at 0, llm0 and llm1 share 10.
  func table(_ atZero: [Float?] = [0, 1, 1]) throws -> TableBenchmark {
    try TableBenchmark(
      [atZero, [0, 0, 1], [1, 1, 0], [1, 1, 0], [1, 1, 1]], parts: [.train, .train, .train, .train, .test],
      embeddings: Matrix([[0], [0], [10], [10], [1]]))
  }

  func router(_ table: TableBenchmark) throws -> ClusterRouter {
    try table.trained(ClusterTrainer<CentroidClusters>(clusters: 2))
  }

  @Test(arguments: ["cluster", "gmm"]) func scoresAreTheMeansOfTheCluster(algorithm: String) throws {
    let table = try table()
    let router =
      algorithm == "cluster"
      ? try router(table) : try table.trained(ClusterTrainer<MixtureClusters>(clusters: 2))
    #expect(router.name == algorithm)
    let scores = try router.scores(for: table.batch(), among: table.candidates())
    #expect(zip(scores.values.storage, [0, 0.5, 1]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(scores.probabilities == scores.values)
  }

  @Test func selectionProbabilitiesAddUpClusters() throws {
    let table = try table()
    let router = try router(table)
    func probabilities(_ llms: [String]) throws -> Matrix {
      let candidates = Candidates(llms)
      let scores = try router.scores(for: table.batch(), among: candidates)
      return try SelectionProbabilities.of(router, scores: scores, for: table.batch(), among: candidates)
    }
    // Distances 1 and 9: shares 0.9 and 0.1. At 10 llm0 and llm1 tie; llm1 has the better train mean.
    #expect(zip(try probabilities(table.llmNames).storage, [0, 0.1, 0.9]).allSatisfy { abs($0 - $1) < 1e-5 })
    // Without llm2 llm1 is best in both.
    #expect(zip(try probabilities(["llm1", "llm0"]).storage, [1, 0]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func missingResponsesAreLeftOut() throws {
    let table = try TableBenchmark(
      [[nil, 1, nil], [nil, nil, nil], [1, 1, nil], [0, 1, nil], [1, 1, 1]],
      parts: [.train, .train, .train, .train, .test], embeddings: Matrix([[0], [0], [10], [10], [1]]))
    // At 0: llm0 has no response, so its train mean of 1/2; llm2 has none anywhere.
    let scores = try router(table).scores(for: table.batch(), among: Candidates(table.llmNames)).values
    #expect(scores == Matrix([[0.5, 1, 0.5]]))
  }
}

extension ClusterTrainer {
  /// A trainer of so many clusters.
  init(clusters: Int, starts: Int = 10, seed: UInt64 = 0) {
    self.init()
    self.clusters = clusters
    self.starts = starts
    self.seed = seed
  }
}
