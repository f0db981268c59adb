import Learning
import NumericKernels
import Routing
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

  /// Where the map predicts worse than the LLMs' means these route; what the fit knows of its queries stays for new LLMs.
  @Test func meansKeepTheFactorsOfQueries() throws {
    var generator = SeededGenerator(seed: 5, stream: "bad factors")
    var bad = factors
    for row in 0..<60 {
      bad.queries[0][row, 0] = 3 * generator.normal()
      bad.queries[0][row, 1] = 0.5 + generator.normal()
    }
    let fitted = try MappedFactors(data, for: "mirt", ridge: .fixed(0.01), scale: .logOdds)
      .model(bad, isFinal: true)
    #expect(fitted.chosen["llm-means"] == 1)
    let (model, block) = (fitted.router, data.blocks[0])
    var embeddings = Matrix(rows: 2, columns: 40)
    for column in 0..<40 { embeddings[1, column] = generator.normal() }
    let batch = QueryBatch(embeddings: embeddings, benchmark: block.benchmark)
    let predicted = try #require(
      model.scores(for: batch, among: Candidates(model.identity.llms)).probabilities)
    let sums = block.train.cells.sums().columns
    let mean = (0..<8).reduce(Float(0)) { $0 + sums[$1, 0] } / (60 * 8)
    for llm in 0..<8 {
      let expected = (sums[llm, 0] + mean) / 61
      #expect(abs(predicted[0, llm] - expected) < 1e-4 && abs(predicted[1, llm] - expected) < 1e-4)
    }
    #expect(model.queries.first?.factors == bad.queries[0].selecting(columns: [0]))
    let known = try #require(KnownQueries.of(model).first)
    for (row, offset) in known.offsets.enumerated() { #expect(abs(offset - bad.queries[0][row, 1]) < 1e-4) }
  }
}
