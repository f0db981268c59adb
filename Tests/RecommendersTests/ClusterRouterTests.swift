import NumericKernels
import Recommenders
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

  func router(_ table: TableBenchmark, _ model: ClusterRouterTrainer.Model) throws -> any Router {
    let train = table.batch(.train)
    let set = PoolTrainingSet(
      table.benchmark, train: train, llmNames: table.llmNames, columns: Array(table.llmNames.indices))
    return try ClusterRouterTrainer(model, count: 2).prepare(train)(set)
  }

  @Test(arguments: [ClusterRouterTrainer.Model.kMeans, .gaussianMixture])
  func scoresAreTheMeansOfTheCluster(model: ClusterRouterTrainer.Model) throws {
    let table = try table()
    let router = try router(table, model)
    let scores = try router.scores(for: table.batch(), llms: table.llmNames)
    #expect(zip(scores.storage, [0, 0.5, 1]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(router.predictedResponses(ofScores: scores) == scores)
  }

  @Test func selectionProbabilitiesAddUpClusters() throws {
    let table = try table()
    let router = try router(table, .kMeans)
    let scores = try router.scores(for: table.batch(), llms: table.llmNames)
    // Distances 1 and 9: shares 0.9 and 0.1. At 10 llm0 and llm1 tie; llm1 has the better train mean.
    let all = try router.selectionProbabilities(ofScores: scores, for: table.batch(), llms: table.llmNames)
    #expect(zip(all.storage, [0, 0.1, 0.9]).allSatisfy { abs($0 - $1) < 1e-5 })
    // Without llm2 llm1 is best in both.
    let pair = try router.selectionProbabilities(
      ofScores: scores, for: table.batch(), llms: ["llm1", "llm0"])
    #expect(zip(pair.storage, [1, 0]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func missingResponsesAreLeftOut() throws {
    let table = try TableBenchmark(
      [[nil, 1, nil], [nil, nil, nil], [1, 1, nil], [0, 1, nil], [1, 1, 1]],
      parts: [.train, .train, .train, .train, .test], embeddings: Matrix([[0], [0], [10], [10], [1]]))
    // At 0: llm0 has no response, so its train mean of 1/2; llm2 has none anywhere.
    let scores = try router(table, .kMeans).scores(for: table.batch(), llms: table.llmNames)
    #expect(scores == Matrix([[0.5, 1, 0.5]]))
  }
}
