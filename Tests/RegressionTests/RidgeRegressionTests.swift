import Foundation
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Regression

/// Ridge regression against refits without each query and against one fit for each LLM, in `Double`.
@Suite struct RidgeRegressionTests {
  /// Masks: none, one for each half of the LLMs, one for each LLM.
  static let masks: [@Sendable (Int, Int) -> Bool] = [
    { _, _ in false }, { row, llm in llm < 2 && row % 3 == 0 }, { row, llm in (row * 7 + llm * 5) % 4 == 0 },
  ]

  /// Predictions of a result for the inputs of a problem, n × m.
  static func predictions(_ result: RidgeRegression.Result, _ problem: RegressionProblem) -> Matrix {
    let dimensions = problem.inputs.columns
    let weights = result.weights.selecting(rows: Array(0..<dimensions))
    var scores = BLAS.multiply(
      BLAS.multiply(problem.inputs, weights), .asStored, result.llmFactors, .transposed)
    let offsets = BLAS.multiply(
      result.weights.selecting(rows: Array(dimensions..<result.weights.rows)), .asStored, result.llmFactors,
      .transposed)
    for (row, benchmark) in problem.benchmarks.enumerated() {
      for llm in 0..<scores.columns {
        scores[row, llm] +=
          offsets[benchmark, llm] + result.biases.llms[llm] + result.biases.benchmarks[benchmark, llm]
      }
    }
    return scores
  }

  @Test(arguments: [0, 1], [1, 2]) func leaveOneOutErrorIsThatOfRefits(mask: Int, benchmarks: Int) throws {
    let problem = RegressionSample.problem(benchmarks: benchmarks, isMissing: Self.masks[mask])
    for l2 in [0.3, 5.0] {
      let result = try RidgeRegression(l2: l2, seed: 1).fit(problem)
      let expected = RegressionSample.leaveOneOutError(problem, l2: l2, kernel: RegressionSample.innerProduct)
      #expect(abs(result.leaveOneOutError - expected) < 1e-4 * expected)
    }
  }

  @Test(arguments: [0, 1, 2], [1, 2]) func predictionsAreThoseOfOneFitForEachLLM(
    mask: Int, benchmarks: Int
  ) throws {
    // Ten LLMs, so that the last mask gives more groups than are factored.
    let problem = RegressionSample.problem(llms: 10, benchmarks: benchmarks, isMissing: Self.masks[mask])
    let result = try RidgeRegression(l2: 2, seed: 1).fit(problem)
    // Three dimensions allow rank 3, which is all there is.
    #expect(result.llmFactors.columns == 3)
    let predictions = Self.predictions(result, problem)
    for llm in 0..<10 {
      for row in [0, 7, 22, 39] {
        let expected = RegressionSample.prediction(
          problem, llm: llm, rows: RegressionSample.rows(of: llm, in: problem), l2: 2,
          at: problem.inputs.row(row).map(Double.init), benchmark: problem.benchmarks[row],
          kernel: RegressionSample.innerProduct)
        #expect(abs(Double(predictions[row, llm]) - expected) < 1e-4)
      }
    }
  }

  @Test func everyLLMWithAMaskOfItsOwnIsIterated() {
    let problem = RegressionSample.problem(llms: 10) { row, llm in row % 11 == llm }
    #expect(problem.groups.count == 10)
  }

  @Test func aChosenPenaltyHasTheLeastLeaveOneOutError() throws {
    let problem = RegressionSample.problem()
    let chosen = try RidgeRegression(seed: 1).fit(problem)
    for factor in [0.3, 3] {
      let other = try RidgeRegression(l2: chosen.l2 * factor, seed: 1).fit(problem)
      #expect(chosen.leaveOneOutError <= other.leaveOneOutError + 1e-9)
    }
  }

  /// The fitted values of rank r are closest to those of full rank among all of their rank.
  @Test func aLowerRankKeepsTheLeadingSingularValuesOfTheFit() throws {
    let problem = RegressionSample.problem(rows: 60, dimensions: 5, llms: 6)
    var full = Self.predictions(try RidgeRegression(l2: 1, seed: 1).fit(problem), problem)
    var low = Self.predictions(try RidgeRegression(l2: 1, rank: 2, seed: 1).fit(problem), problem)
    let values = try SingularValueDecomposition(centred(full)).values
    let expected = values[2...].reduce(0) { $0 + $1 * $1 }
    for index in full.storage.indices { full.storage[index] -= low.storage[index] }
    low = full
    let error = low.storage.reduce(0) { $0 + $1 * $1 }
    #expect(abs(error - expected) < 1e-3 * (values[0] * values[0]))
  }

  private func centred(_ matrix: Matrix) -> Matrix {
    var result = matrix
    let benchmarks = Array(repeating: 0, count: matrix.rows)
    BenchmarkMeans(matrix, benchmarks: benchmarks, count: 1).centre(&result, benchmarks: benchmarks)
    return result
  }

  @Test func axesHaveMeanSquareOneOverTheQueriesAndFallInWeight() throws {
    let problem = RegressionSample.problem(rows: 60, dimensions: 5, llms: 6)
    let result = try RidgeRegression(l2: 1, seed: 1).fit(problem)
    let centre = result.weights.selecting(rows: [5])
    var vectors = BLAS.multiply(problem.inputs, result.weights.selecting(rows: Array(0..<5)))
    for row in 0..<60 {
      for column in 0..<vectors.columns { vectors[row, column] += centre[0, column] }
    }
    let gram = BLAS.gram(vectors, scale: 1 / 60)
    for row in 0..<gram.rows {
      for column in 0..<gram.rows { #expect(abs(gram[row, column] - (row == column ? 1 : 0)) < 2e-2) }
    }
    let weights = (0..<5).map { BLAS.dot(result.llmFactors.column($0), result.llmFactors.column($0)) }
    #expect(weights == weights.sorted(by: >))
  }

  @Test func aConstantDimensionAndAnLLMThatIsAlwaysRightChangeNothing() throws {
    let plain = RegressionSample.problem()
    var inputs = Matrix(rows: 40, columns: 4, repeating: 7)
    var targets = Matrix(rows: 40, columns: 5, repeating: 1)
    inputs.replaceColumns([0, 1, 2], with: plain.inputs)
    targets.replaceColumns([0, 1, 2, 3], with: plain.targets)
    let problem = RegressionProblem(
      benchmarks: plain.benchmarks, benchmarkCount: 1, inputs: inputs, targets: targets,
      groups: [.init(rows: Array(0..<40), columns: Array(0..<5))])
    let expected = Self.predictions(try RidgeRegression(l2: 1, seed: 1).fit(plain), plain)
    let found = Self.predictions(try RidgeRegression(l2: 1, seed: 1).fit(problem), problem)
    for row in 0..<40 {
      for llm in 0..<4 { #expect(abs(found[row, llm] - expected[row, llm]) < 1e-4) }
      #expect(abs(found[row, 4] - 1) < 1e-4)
    }
  }

  @Test func anLLMWithoutABenchmarkGetsTheShiftOfTheOthers() {
    let biases = InterceptBiases(Matrix([[0.5, 0.7, 0.2], [0.3, 0.5, .nan]]))
    #expect(zip(biases.llms, [0.4, 0.6, 0.2]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(abs(biases.benchmarks[1, 2] + 0.1) < 1e-6)
    #expect(abs(biases.benchmarks[0, 0] - 0.1) < 1e-6)
  }

  @Test func embeddingsThatAreAllEqualAreRefused() {
    let plain = RegressionSample.problem()
    let problem = plain.with(inputs: Matrix(rows: 40, columns: 3, repeating: 2))
    #expect(throws: DataError.self) { try RidgeRegression(l2: 1, seed: 1).fit(problem) }
  }

  @Test func aPenaltyBelowRoundingIsRefused() {
    #expect(throws: DataError.self) { try RidgeRegression(l2: 1e-9, seed: 1).fit(RegressionSample.problem()) }
  }

  @Test func aRankAboveTheMatrixIsRefused() {
    let error = #expect(throws: DataError.self) {
      try RidgeRegression(l2: 1, rank: 4, seed: 1).fit(RegressionSample.problem())
    }
    #expect(error?.description.contains("at most 3") == true)
  }

  @Test(arguments: [0, 2]) func threadsDoNotChangeTheBits(mask: Int) throws {
    let problem = RegressionSample.problem(rows: 700, dimensions: 20, llms: 10, isMissing: Self.masks[mask])
    func results() throws -> [Matrix] {
      let result = try RidgeRegression(seed: 1).fit(problem)
      return [result.weights, result.llmFactors, Matrix([result.biases.llms])]
    }
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let one = try results()
    Threads.count = 2
    #expect(try results() == one)
  }
}
