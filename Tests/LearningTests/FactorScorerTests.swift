import Foundation
import NumericKernels
import Routing
import RoutingData
import Testing

@testable import Learning

@Suite struct FactorScorerTests {
  /// A model of random factors whose map leaves something open and whose LLMs are known up to errors.
  private func model(
    llms: Int = 70, factors k: Int = 3, dimensions d: Int = 20, errors: Float = 0.05, spread: Float = 0.02
  ) throws -> FactorModel {
    var generator = SeededGenerator(seed: 8, stream: "scorer")
    func matrix(_ rows: Int, _ columns: Int, _ scale: Float = 1) -> Matrix {
      Matrix(
        rows: rows, columns: columns, storage: (0..<rows * columns).map { _ in scale * generator.normal() })
    }
    let root = matrix(k + 1, k + 1, spread)
    return try FactorModel(
      RouterIdentity(name: "m", encoder: nil, llms: (0..<llms).map { "llm\($0)" }),
      llmFactors: matrix(llms, k), llmBiases: (0..<llms).map { _ in generator.normal() },
      llmStandardErrors: matrix(llms, k + 1, errors).mapped { abs($0) },
      queryEncoder: EmbeddingMap(
        benchmarks: ["b"], weights: matrix(d + 1, k + 1, 0.3),
        residualCovariance: BLAS.multiply(root, .asStored, root, .transposed)))
  }

  private func batch(_ n: Int, _ d: Int = 20) -> QueryBatch {
    var generator = SeededGenerator(seed: 9, stream: "queries")
    return QueryBatch(
      embeddings: Matrix(rows: n, columns: d, storage: (0..<n * d).map { _ in generator.normal() }))
  }

  @Test func aQueryIsScoredTheSameAloneAndAmongOthers() throws {
    let model = try model()
    let all = batch(37)
    let names = model.identity.llms
    let whole = try model.scores(for: all, among: Candidates(names))
    let some = [names[69], names[3], names[20]]
    let among = try model.scores(for: all, among: Candidates(some))
    #expect(among.values == whole.values.selecting(columns: [69, 3, 20]))
    for row in [0, 17, 36] {
      let alone = QueryBatch(embeddings: all.embeddings.selecting(rows: [row]))
      let scores = try model.scores(for: alone, among: Candidates(some))
      #expect(scores.values == among.values.selecting(rows: [row]))
      #expect(scores.probabilities == among.probabilities?.selecting(rows: [row]))
    }
  }

  @Test func aPreparedScorerSaysTheSame() throws {
    let model = try model()
    let candidates = Candidates(Array(model.identity.llms[5..<60]))
    let scorer = try model.preparedScorer(among: candidates, benchmark: "b")
    let own = QueryBatch(embeddings: batch(6).embeddings, benchmark: "b")
    let scores = try model.scores(for: own, among: candidates)
    #expect(try scorer.scores(for: own).values == scores.values)
    #expect(try scorer.scoresWithErrors(for: own).scores.probabilities == scores.probabilities)
  }

  /// The deviation of σ(z) over what is not known of the query's vector and of the LLM, by drawing both.
  @Test func standardErrorsAreThoseOfDraws() throws {
    let model = try model()
    let queries = batch(2)
    let llms = [0, 30, 69]
    let scorer = try model.preparedScorer(
      among: Candidates(llms.map { model.identity.llms[$0] }), benchmark: nil)
    let (_, found) = try scorer.scoresWithErrors(for: queries)
    let errors = try #require(found)
    let vectors = try model.vectors(of: queries)
    let covariance = try #require(model.queryEncoder.residualCovariance)
    let deviations = try #require(model.llmStandardErrors)
    var generator = SeededGenerator(seed: 4, stream: "draws")
    let root = covariance.root
    for (place, llm) in llms.enumerated() {
      for row in 0..<2 {
        var (sum, squares) = (0.0, 0.0)
        let draws = 4_000
        for _ in 0..<draws {
          let noise = (0..<4).map { _ in generator.normal() }
          var z = model.llmBiases[llm] + deviations[llm, 3] * generator.normal()
          for factor in 0..<4 {
            let h = vectors[row, factor] + BLAS.dot(root.row(factor), noise)
            let u =
              factor < 3 ? model.llmFactors[llm, factor] + deviations[llm, factor] * generator.normal() : 1
            z += h * u
          }
          let p = Double(Elementwise.sigmoid(z))
          sum += p
          squares += p * p
        }
        let mean = sum / Double(draws)
        let deviation = (squares / Double(draws) - mean * mean).squareRoot()
        #expect(abs(Double(errors[row, place]) / deviation - 1) < 0.1, "\(errors[row, place]), \(deviation)")
      }
    }
  }

  @Test func aQueryOfNoBenchmarkHasTheMeanOfTheirBiases() throws {
    let base = try model(llms: 4)
    let model = try FactorModel(
      base.identity, llmFactors: base.llmFactors, llmBiases: base.llmBiases,
      benchmarkBiases: ["b": [1, 0, 0, -2], "a": [3, 0, 1, 0]],
      queryEncoder: EmbeddingMap(
        benchmarks: ["a", "b"], weights: Matrix(rows: 22, columns: 4), residualCovariance: nil))
    func values(_ benchmark: String?) throws -> [Float] {
      let queries = QueryBatch(embeddings: batch(1).embeddings, benchmark: benchmark)
      return Array(try model.scores(for: queries, among: Candidates(model.identity.llms)).values.row(0))
    }
    let biases = base.llmBiases
    #expect(try values(nil) == [biases[0] + 2, biases[1], biases[2] + 0.5, biases[3] - 1])
    #expect(try values("unknown") == biases)
    #expect(try values("a") == [biases[0] + 3, biases[1], biases[2] + 1, biases[3]])
  }

  @Test func aModelThatKnowsNoErrorsSaysNone() throws {
    let model = try FactorModel(
      RouterIdentity(name: "m", encoder: nil, llms: ["a", "b"]), llmFactors: Matrix([[1], [2]]),
      llmBiases: [0, 0],
      queryEncoder: EmbeddingMap(benchmarks: [], weights: Matrix([[1], [1]]), residualCovariance: nil))
    let scorer = try model.preparedScorer(among: Candidates(["b"]), benchmark: nil)
    #expect(try scorer.scoresWithErrors(for: QueryBatch(embeddings: Matrix([[1, 2]]))).errors == nil)
  }
}

extension Matrix {
  /// A lower triangle L with L·Lᵀ equal to this matrix.
  fileprivate var root: Matrix {
    var result = Matrix(rows: rows, columns: rows)
    for row in 0..<rows {
      for column in 0...row {
        var rest = self[row, column]
        for other in 0..<column { rest -= result[row, other] * result[column, other] }
        result[row, column] =
          row == column ? max(rest, 0).squareRoot() : rest / max(result[column, column], 1e-9)
      }
    }
    return result
  }
}
