import Learning
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Factorization

/// The ridge of the map from embeddings to factors, chosen on validation.
@Suite struct MappedFactorsTests {
  private let data: TrainingData
  private let factors: BiasedFactors

  /// One factor in one of 40 dimensions: noisy factors of 60 train queries, so that a small ridge learns the noise.
  init() throws {
    var generator = SeededGenerator(seed: 3, stream: "mapped factors")
    var embeddings = Matrix(rows: 160, columns: 40)
    var table: [[Float?]] = []
    for query in 0..<160 {
      for dimension in 0..<40 { embeddings[query, dimension] = generator.normal() }
      table.append(
        (0..<8).map { llm in
          let score = 2 * embeddings[query, 0] * (llm % 2 == 0 ? 1 : -1)
          return generator.uniform() < Elementwise.sigmoid(Matrix([[score]]))[0, 0] ? 1 : 0
        })
    }
    data = try TrainingData(
      TrainingSample.dataset(
        TableBenchmark(
          table, parts: (0..<160).map { $0 < 60 ? .train : $0 < 140 ? .validation : .test },
          embeddings: embeddings)))
    var factors = BiasedFactors(factors: 1, queryCounts: [60], llmCount: 8)
    for row in 0..<60 { factors.queries[0][row, 0] = embeddings[row, 0] + 1.5 * generator.normal() }
    for llm in 0..<8 { factors.llms[llm, 0] = llm % 2 == 0 ? 2 : -2 }
    self.factors = factors
  }

  private func model(_ ridge: Choice) throws -> FittedModel<FactorModel> {
    try MappedFactors(data, for: "logistic-mf", ridge: ridge, scale: .logOdds).model(factors, isFinal: true)
  }

  private func loss(_ ridge: Choice) throws -> Double {
    try #require(ValidationSet(data)).metrics(of: model(ridge).router).logLoss
  }

  @Test func theBestRidgeIsChosenNeitherTheFirstNorTheLast() throws {
    let losses = try [0.01, 0.1, 0.3, 1, 3, 10, 30, 100, 1e3, 1e4].map { try loss(.fixed($0)) }
    let best = try #require(losses.min())
    #expect(losses[0] > best + 0.02 && losses[9] > best + 0.02, "any ridge would do: \(losses)")
    // Between two values of the grid another one may be a little better.
    #expect(abs(try loss(.auto) - best) < 5e-3, "\(losses)")
    let chosen = try #require(model(.auto).chosen["ridge"])
    #expect(try loss(.fixed(chosen)) == loss(.auto))
  }

  @Test func aRidgeThatIsGivenStays() throws {
    #expect(try model(.fixed(0.7)).chosen["ridge"] == nil)
  }
}
