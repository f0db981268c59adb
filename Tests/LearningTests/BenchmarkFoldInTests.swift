import Factorization
import Foundation
import Learning
import NumericKernels
import Routing
import RoutingData
import Testing

/// Models of factors that are told of a new benchmark.
@Suite struct BenchmarkFoldInTests {
  private func model(_ slope: Float = 1) throws -> FactorModel {
    try FactorModel(
      RouterIdentity(name: "test", encoder: nil, llms: ["a", "b"]),
      llmFactors: Matrix([[1, 0.5], [-1, 2]]), llmBiases: [0.2, -0.3],
      queryEncoder: EmbeddingMap(
        benchmarks: ["one", "two"], weights: Matrix([[1, 0], [0, 1], [0.5, 0], [0, 0.5]]),
        residualCovariance: Matrix([[0.4, 0], [0, 0.2]])),
      calibration: Calibration(slope: slope, intercept: 0.1))
  }

  private func logOdds(_ model: FactorModel, _ benchmark: String?) throws -> Matrix {
    let batch = QueryBatch(embeddings: Matrix([[0.3, -0.2], [1, 2]]), benchmark: benchmark)
    let scores = try model.scores(for: batch, among: Candidates(["a", "b"]))
    return try #require(scores.probabilities).mapped { Elementwise.logit($0) }
  }

  @Test(arguments: [Float(1), 2.5])
  func offsetsMoveLogOdds(slope: Float) throws {
    let model = try model(slope)
    let extended = try model.adding(benchmark: "new", offsets: [0.7, -0.4])
    let (before, after) = (try logOdds(model, nil), try logOdds(extended, "new"))
    for row in 0..<2 {
      #expect(abs(after[row, 0] - before[row, 0] - 0.7) < 1e-4)
      #expect(abs(after[row, 1] - before[row, 1] + 0.4) < 1e-4)
    }
    #expect(try logOdds(extended, "one") == logOdds(model, "one"))
  }

  @Test func aKnownBenchmarkIsRefused() throws {
    let error = #expect(throws: DataError.self) {
      try model().adding(benchmark: "two", offsets: [0, 0])
    }
    #expect(error?.description.contains("knows benchmark 'two' already") == true)
  }
}
