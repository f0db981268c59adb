import Foundation
import LinearAlgebra
import RoutingData
import TestSupport
import Testing

@testable import Recommenders

/// Synthetic responses, whose probabilities are known, against what is predicted for test queries.
@Suite struct KnownTruthTests {
  /// Sums over the test responses of a dataset.
  struct Judgement {
    var truth = 0.0
    var model = 0.0
    var means = 0.0
    var routed = 0.0
    var bestSingle = 0.0
    var oracleOfTruth = 0.0
  }

  @Test(arguments: [0, 0.2]) func predictionsComeNearTheTruth(_ missing: Double) throws {
    let dataset = try TrainingSample.synthetic(missing: missing)
    let model = try TrainingSample.train(dataset, LogisticMFTrainer(factors: 8))
    let judged = try judge(model, dataset)
    print("truth \(judged)")
    // The truth knows what the embedding does not show; the model must close most of the gap from means.
    #expect(judged.truth < judged.model)
    #expect(judged.model - judged.truth < 0.05)
    #expect(judged.model < judged.means - 0.03)
    #expect(judged.routed > judged.bestSingle + 0.02)
    #expect(judged.routed < judged.oracleOfTruth)
  }

  private func judge(_ model: LogisticMFModel, _ dataset: Dataset) throws -> Judgement {
    let abilities = try #require(dataset.truth["llm_factors"]).matrix()
    var sum = Judgement()
    var cells = 0.0
    var queries = 0.0
    for benchmark in dataset.benchmarks {
      let test = benchmark.split.queries(in: .test)
      let factors = try #require(dataset.truth["query_factors/\(benchmark.name)"]).matrix()
      let biases = try #require(dataset.truth["query_biases/\(benchmark.name)"]).floats()
      let embeddings = try benchmark.embeddings(encoder: SyntheticGenerator.encoder)
      let batch = QueryBatch(
        benchmark: benchmark.name, queries: test, embeddings: embeddings.selecting(rows: test))
      let scores = try model.scores(for: batch, llms: dataset.llmNames(of: benchmark))
      let means = benchmark.trainMeans(of: Array(benchmark.llms.indices))
      let best = try #require(means.best)
      for (row, query) in test.enumerated() {
        var probabilities: [Double] = []
        for llm in 0..<scores.columns {
          let z = Double(BLAS.dot(factors.row(query), abilities.row(benchmark.llms[llm])) + biases[query])
          probabilities.append(1 / (1 + exp(-z)))
          guard let y = benchmark.responses[query, llm].map(Double.init) else { continue }
          cells += 1
          sum.truth += loss(y, probabilities[llm])
          sum.model += loss(y, 1 / (1 + exp(-Double(scores[row, llm]))))
          sum.means += loss(y, min(max(Double(means.values[llm] ?? 0.5), 0.01), 0.99))
        }
        // Routing is judged by the true probabilities, which is its expected response without the noise.
        queries += 1
        let pick = try #require((0..<scores.columns).max { scores[row, $0] < scores[row, $1] })
        sum.routed += probabilities[pick]
        sum.bestSingle += probabilities[best]
        sum.oracleOfTruth += probabilities.max() ?? .nan
      }
    }
    return Judgement(
      truth: sum.truth / cells, model: sum.model / cells, means: sum.means / cells,
      routed: sum.routed / queries, bestSingle: sum.bestSingle / queries,
      oracleOfTruth: sum.oracleOfTruth / queries)
  }

  private func loss(_ y: Double, _ p: Double) -> Double { -y * log(p) - (1 - y) * log(1 - p) }
}
