import Foundation
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Learning

@Suite struct FactorModelTests {
  /// σ of the score is the mean of σ(z) over the factors that an embedding leaves open.
  @Test func scoresAreCalibratedOverWhatTheMapLeavesOpen() throws {
    var generator = SeededGenerator(seed: 3, stream: "calibration")
    var root = Matrix(rows: 3, columns: 3)
    for index in root.storage.indices { root.storage[index] = generator.normal() }
    let covariance = BLAS.multiply(root, .asStored, root, .transposed)
    let factors = Matrix([[0.3, -0.2, 1], [1.5, 0.4, 1], [-0.8, 1.7, 1], [0, 0, 1]])
    let biases: [Float] = [0.5, -1, 2, 0]
    let mean = Matrix([[0.7, -0.4, 0.9]])
    let (scaled, scales) = FactorModel.scoring(factors, covariance)
    let draws = 40_000
    for llm in 0..<factors.rows {
      let weights = Array(factors.row(llm))
      var total = 0.0
      for _ in 0..<draws {
        let noise = (0..<3).map { _ in generator.normal() }
        var z = biases[llm]
        for row in 0..<3 { z += weights[row] * (mean[0, row] + BLAS.dot(root.row(row), noise)) }
        total += Double(Elementwise.sigmoid(z))
      }
      let score = BLAS.dot(mean.row(0), scaled.row(llm)) + biases[llm] / scales[llm]
      // MacKay's approximation leaves an error of its own; the standard error of the mean is below 0.002.
      #expect(abs(Double(Elementwise.sigmoid(score)) - total / Double(draws)) < 0.01)
      let uncorrected = BLAS.dot(mean.row(0), weights) + biases[llm]
      #expect(abs(score) < abs(uncorrected))
    }
  }

  @Test func withoutUncertaintyScoresAreTheLogOdds() {
    for covariance in [nil, Matrix(rows: 2, columns: 2)] {
      let (factors, scales) = FactorModel.scoring(Matrix([[0.3, -0.2]]), covariance)
      #expect(factors == Matrix([[0.3, -0.2]]) && scales == [1])
    }
  }

  @Test func partsThatDoNotFitAreRefused() throws {
    let model = try TrainingSample.train(TrainingSample.dataset(.checkerboard())).router
    func assemble(biases: [Float]? = nil, factors: Matrix? = nil) throws -> FactorModel {
      try FactorModel(
        model.identity, llmFactors: factors ?? model.llmFactors, llmBiases: biases ?? model.llmBiases,
        llmStandardErrors: model.llmStandardErrors, queries: model.queries,
        queryEncoder: model.queryEncoder)
    }
    #expect(try assemble().contents == model.contents)
    #expect(throws: DataError.self) { try assemble(biases: [0]) }
    #expect(throws: DataError.self) { try assemble(factors: Matrix(rows: 4, columns: 9)) }
  }

  @Test func embeddingsThatDoNotFitAreRefused() throws {
    let model = try FactorModel(
      RouterIdentity(name: "m", encoder: "e", llms: ["x"]), llmFactors: Matrix([[1]]), llmBiases: [0],
      queryEncoder: EmbeddingMap(
        benchmarks: ["a"], weights: Matrix([[2, 0], [10, 1]]), residualCovariance: Matrix(identity: 2)))
    func score(_ embeddings: Matrix, encoder: String? = nil) throws {
      let batch = QueryBatch(embeddings: embeddings, encoder: encoder, benchmark: "a")
      _ = try model.scores(for: batch, among: Candidates(["x"]))
      // What validation asks for is refused likewise.
      _ = try model.logOdds(
        for: batch, among: Candidates(["x"]),
        cells: GradedCells(.floats(Matrix(rows: embeddings.rows, columns: 1))))
    }
    #expect(throws: DataError("router 'm': embeddings of 3 dimensions for benchmark 'a', trained on 1")) {
      try score(Matrix(rows: 1, columns: 3))
    }
    for value: Float in [.nan, .infinity] {
      let message =
        "router 'm': the embedding of query 1 of benchmark 'a' holds \(value), expected finite numbers"
      #expect(throws: DataError(message)) { try score(Matrix([[0], [value]])) }
    }
    try score(Matrix([[1]]))
    try score(Matrix([[1]]), encoder: "e")
    #expect {
      try score(Matrix([[1]]), encoder: "other")
    } throws: { "\($0)".contains("encoder 'e', these are of 'other'") }
  }
}
