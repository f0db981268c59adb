import Factorization
import FileFormats
import Learning
import Metrics
import NumericKernels
import Regression
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Models

/// A model among queries of a mixed benchmark.
@Suite struct OwnBenchmarkRouterTests {
  /// Four benchmarks, some of which are harder for some LLMs.
  private func dataset() throws -> Dataset { try TrainingSample.synthetic() }

  /// Scores of the mix are, row for row, those of each benchmark, and so is what is published.
  @Test(arguments: ["logistic-mf", "ridge"]) func queriesAreOfTheirOwnBenchmark(_ word: String) throws {
    let dataset = try dataset()
    let model: any StorableRouter =
      word == "ridge"
      ? try TrainingSample.train(dataset, RidgeTrainer()).router
      : try TrainingSample.train(dataset, LogisticMFTrainer(factors: 3, maximumSweeps: 5)).router
    let encoder = try dataset.encoder(nil, for: dataset.benchmarks)
    let mix = try Benchmark.mixing(dataset.benchmarks)
    let parts = try #require(mix.mix?.parts)
    #expect(parts.count > 1)
    let router = OwnBenchmarkRouter(model, of: mix.name, mix: try #require(mix.mix))
    let candidates = Candidates(Array(dataset.llmNames(of: mix)[3..<9]))
    // Of every benchmark some, in no order.
    let rows = (0..<mix.queries.count).filter { $0 % 17 == 3 }.sorted { ($0 % 5, $0) < ($1 % 5, $1) }
    let batch = mix.batch(of: rows, embeddings: try mix.embeddings(encoder: encoder), encoder: encoder)
    let scores = try router.scores(for: batch, among: candidates)
    let published = try router.selectionProbabilities(of: scores, for: batch, among: candidates)
    #expect(published.rows == rows.count)
    var differs = false
    for part in parts {
      let own = rows.filter(part.rows.contains)
      let expected = try model.scores(
        for: part.benchmark.batch(
          of: own.map { $0 - part.rows.lowerBound },
          embeddings: part.benchmark.embeddings(encoder: encoder), encoder: encoder),
        among: candidates)
      let places = own.compactMap { row in rows.firstIndex(of: row) }
      #expect(scores.values.selecting(rows: places) == expected.values)
      #expect(scores.probabilities?.selecting(rows: places) == expected.probabilities)
      let nowhere = try model.scores(
        for: QueryBatch(embeddings: batch.embeddings.selecting(rows: places), encoder: encoder),
        among: candidates)
      if nowhere.values != expected.values { differs = true }
    }
    #expect(differs, "the model knows nothing of benchmarks, so that nothing is shown")
  }

  /// Queries of one benchmark are shown to the model as they are.
  @Test func otherQueriesPass() throws {
    let dataset = try dataset()
    let model = try TrainingSample.train(dataset, LogisticMFTrainer(factors: 3, maximumSweeps: 3)).router
    let mix = try Benchmark.mixing(dataset.benchmarks)
    let router = OwnBenchmarkRouter(model, of: mix.name, mix: try #require(mix.mix))
    let benchmark = dataset.benchmarks[1]
    let encoder = try dataset.encoder(nil, for: dataset.benchmarks)
    let batch = benchmark.batch(
      of: [0, 2], embeddings: try benchmark.embeddings(encoder: encoder), encoder: encoder)
    let candidates = Candidates(Array(dataset.llmNames(of: benchmark)[0..<3]))
    #expect(
      try router.scores(for: batch, among: candidates).values
        == model.scores(for: batch, among: candidates).values)
    #expect(router.name == model.name && router.encoder == model.encoder)
  }
}
