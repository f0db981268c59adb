import Foundation
import Learning
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Factorization

/// Synthetic responses, whose probabilities are known, against what is predicted for test queries.
@Suite struct KnownTruthTests {
  /// Sums over the test responses of a dataset.
  struct Judgement {
    var truth = 0.0
    var model = 0.0
    var means = 0.0
    var routed = 0.0
    var bestSingle = 0.0
    var bestOfTruth = 0.0
  }

  @Test(arguments: [0, 0.2]) func predictionsComeNearTheTruth(_ missing: Double) throws {
    let dataset = try TrainingSample.synthetic(missing: missing)
    let model = try TrainingSample.train(dataset, LogisticMFTrainer(factors: 8)).router
    let judged = try judge(model, dataset)
    // No model sees more than the embedding shows: the best that can be hoped for is the true factors'
    // regression on it, with the true LLM factors (log-loss 0.48, where the full truth has 0.39 and the
    // LLMs' means 0.58).
    let informed = try judge(informedModel(dataset), dataset)
    #expect(judged.truth < judged.model)
    #expect(judged.model < informed.model + 0.01)
    #expect(judged.model < judged.means - 0.08)
    #expect(judged.routed > judged.bestSingle + 0.03)
    #expect(judged.routed < judged.bestOfTruth)
  }

  /// The model that knows the true factors of LLMs and train queries, and learns only the map.
  private func informedModel(_ dataset: Dataset) throws -> FactorModel {
    let abilities = try #require(dataset.truth["llm_factors"]).matrix()
    var embeddings: [Matrix] = []
    var factors: [Matrix] = []
    for benchmark in dataset.benchmarks {
      let train = benchmark.split.queries(in: .train)
      let slopes = try #require(dataset.truth["query_factors/\(benchmark.name)"]).matrix()
      let biases = try #require(dataset.truth["query_biases/\(benchmark.name)"]).floats()
      factors.append(Matrix(train.map { Array(slopes.row($0)) + [biases[$0]] }))
      embeddings.append(try benchmark.embeddings(encoder: SyntheticGenerator.encoder).selecting(rows: train))
    }
    let regression = EmbeddingRegression(
      benchmarks: dataset.benchmarks.map(\.name), features: embeddings)
    let map = regression.map(to: factors, by: try regression.system(ridge: 0.1))
    return try FactorModel(
      RouterIdentity(name: "informed", encoder: nil, llms: dataset.catalog.names), llmFactors: abilities,
      llmBiases: [Float](repeating: 0, count: abilities.rows), queryEncoder: map)
  }

  private func judge(_ model: FactorModel, _ dataset: Dataset) throws -> Judgement {
    let abilities = try #require(dataset.truth["llm_factors"]).matrix()
    var sum = Judgement()
    var cells = 0.0
    var queries = 0.0
    for benchmark in dataset.benchmarks {
      let test = benchmark.split.queries(in: .test)
      let factors = try #require(dataset.truth["query_factors/\(benchmark.name)"]).matrix()
      let biases = try #require(dataset.truth["query_biases/\(benchmark.name)"]).floats()
      let embeddings = try benchmark.embeddings(encoder: SyntheticGenerator.encoder)
      let batch = benchmark.batch(of: test, embeddings: embeddings, encoder: nil)
      let scores = try model.scores(for: batch, among: Candidates(dataset.llmNames(of: benchmark))).values
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
        sum.bestOfTruth += probabilities.max() ?? .nan
      }
    }
    return Judgement(
      truth: sum.truth / cells, model: sum.model / cells, means: sum.means / cells,
      routed: sum.routed / queries, bestSingle: sum.bestSingle / queries,
      bestOfTruth: sum.bestOfTruth / queries)
  }

  private func loss(_ y: Double, _ p: Double) -> Double { -y * log(p) - (1 - y) * log(1 - p) }
}
