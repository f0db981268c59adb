import Foundation
import Learning
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Regression

/// Kernel ridge regression against refits without each query and against one fit for each LLM, in `Double`.
@Suite struct KernelRidgeRegressionTests {
  static let masks: [@Sendable (Int, Int) -> Bool] = RidgeRegressionTests.masks
  /// γ = 1 / (2σ²) with σ = 1.5.
  static let gamma = 1 / (2 * 1.5 * 1.5)

  static func predictions(_ result: KernelRidgeRegression.Result, _ problem: RegressionProblem) -> Matrix {
    let vectors = result.map.vectors(of: QueryBatch(embeddings: problem.inputs, benchmark: "b"))
    var scores = BLAS.multiply(vectors, .asStored, result.llmFactors, .transposed)
    for (row, benchmark) in problem.benchmarks.enumerated() {
      for llm in 0..<scores.columns {
        scores[row, llm] += result.biases.llms[llm] + result.biases.benchmarks[benchmark, llm]
      }
    }
    return scores
  }

  static func expectAgreement(
    _ result: KernelRidgeRegression.Result, _ problem: RegressionProblem, l2: Double,
    tolerance: Double = 2e-4,
    kernel: ([Double], [Double]) -> Double
  ) throws {
    let predictions = predictions(result, problem)
    for llm in 0..<problem.targets.columns {
      for row in [0, 7, 22, 39] {
        let expected = RegressionSample.prediction(
          problem, llm: llm, rows: RegressionSample.rows(of: llm, in: problem), l2: l2,
          at: problem.inputs.row(row).map(Double.init), benchmark: problem.benchmarks[row], kernel: kernel)
        #expect(abs(Double(predictions[row, llm]) - expected) < tolerance)
      }
    }
  }

  @Test(arguments: [0, 1], [1, 2]) func leaveOneOutErrorIsThatOfRefits(mask: Int, benchmarks: Int) throws {
    let problem = RegressionSample.problem(benchmarks: benchmarks, isMissing: Self.masks[mask])
    for l2 in [0.1, 2.0] {
      let result = try KernelRidgeRegression(l2: l2, width: 1.5).fit(problem)
      let expected = RegressionSample.leaveOneOutError(
        problem, l2: l2, kernel: RegressionSample.gaussian(Self.gamma))
      #expect(abs(result.leaveOneOutError - expected) < 1e-3 * expected)
    }
  }

  @Test(arguments: [0, 1, 2], [1, 2]) func predictionsAreThoseOfOneFitForEachLLM(
    mask: Int, benchmarks: Int
  ) throws {
    let problem = RegressionSample.problem(llms: 10, benchmarks: benchmarks, isMissing: Self.masks[mask])
    let result = try KernelRidgeRegression(l2: 0.5, width: 1.5).fit(problem)
    try Self.expectAgreement(result, problem, l2: 0.5, kernel: RegressionSample.gaussian(Self.gamma))
  }

  @Test func masksOfTheirOwnForEveryLLMAreImputedToTheSameFits() throws {
    let problem = RegressionSample.problem(llms: 10) { row, llm in row % 11 == llm || (row + llm) % 3 == 0 }
    #expect(problem.groups.count > RegressionProblem.maximumGroups)
    let result = try KernelRidgeRegression(l2: 0.5, width: 1.5).fit(problem)
    try Self.expectAgreement(result, problem, l2: 0.5, kernel: RegressionSample.gaussian(Self.gamma))
    #expect(result.leaveOneOutError < 0.1)
  }

  /// LLMs 0 to 4 never answered benchmark 1, so that its cells are all missing for them, and others at random.
  @Test func anLLMMayMissAWholeBenchmark() throws {
    let problem = RegressionSample.problem(llms: 10, benchmarks: 2) { row, llm in
      llm < 5 && row % 2 == 1 || (row * 7 + llm * 5) % 6 == 0
    }
    #expect(problem.groups.count > RegressionProblem.maximumGroups)
    let result = try KernelRidgeRegression(l2: 0.5, width: 1.5).fit(problem)
    let predictions = Self.predictions(result, problem)
    for (llm, row) in [(0, 0), (4, 22), (9, 7), (9, 22)] {
      let expected = RegressionSample.prediction(
        problem, llm: llm, rows: RegressionSample.rows(of: llm, in: problem), l2: 0.5,
        at: problem.inputs.row(row).map(Double.init), benchmark: problem.benchmarks[row],
        kernel: RegressionSample.gaussian(Self.gamma))
      #expect(abs(Double(predictions[row, llm]) - expected) < 2e-4)
    }
  }

  @Test func cosineKernelIsThatOfDirections() throws {
    let problem = RegressionSample.problem()
    let result = try KernelRidgeRegression(family: .cosine, l2: 0.5).fit(problem)
    try Self.expectAgreement(result, problem, l2: 0.5) { x, y in
      let lengths = RegressionSample.innerProduct(x, x) * RegressionSample.innerProduct(y, y)
      return RegressionSample.innerProduct(x, y) / lengths.squareRoot()
    }
    #expect(result.width == nil)
  }

  @Test(arguments: [0, 2]) func landmarksAtAllQueriesGiveTheExactFit(mask: Int) throws {
    let problem = RegressionSample.problem(llms: 10, isMissing: Self.masks[mask])
    let result = try KernelRidgeRegression(l2: 0.5, width: 1.5, exactQueries: 10, landmarks: 40).fit(problem)
    try Self.expectAgreement(
      result, problem, l2: 0.5, tolerance: 2e-3, kernel: RegressionSample.gaussian(Self.gamma))
  }

  @Test func fewerLandmarksComeCloser() throws {
    let problem = RegressionSample.problem(rows: 200)
    let exact = try Self.predictions(KernelRidgeRegression(l2: 1, width: 1.5).fit(problem), problem)
    let errors = try [10, 50, 150].map { count -> Float in
      let result = try KernelRidgeRegression(l2: 1, width: 1.5, exactQueries: 100, landmarks: count).fit(
        problem)
      #expect(result.map.landmarks.rows == count)
      let approximate = Self.predictions(result, problem)
      return zip(exact.storage, approximate.storage).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    #expect(errors == errors.sorted(by: >))
    #expect(errors[2] < 0.05 * errors[0])
  }

  /// Width and λ found on all 200 queries have no neighbour on the grid that is better.
  @Test func theSearchEndsWhereNoNeighbourIsBetter() throws {
    let problem = RegressionSample.problem(rows: 200)
    let search = try KernelSearch(problem, family: .rbf, l2: nil, width: nil, count: 200, seed: 1)
    let found = try search.run()
    let width = try #require(found.width)
    for (l2Factor, widthFactor) in [(3.2, 1), (0.32, 1), (1, 1.4), (1, 0.7)] {
      let other = try KernelSearch(
        problem, family: .rbf, l2: found.l2 * l2Factor, width: width * widthFactor, count: 200, seed: 1
      ).run()
      #expect(other.error > found.error * 0.9999)
    }
  }

  @Test func givenNumbersAreKept() throws {
    let problem = RegressionSample.problem()
    let result = try KernelRidgeRegression(l2: 0.7).fit(problem)
    #expect(result.l2 == 0.7)
    #expect(try KernelRidgeRegression(width: 2.5).fit(problem).width == 2.5)
  }

  /// Every query twice: K is singular, λ makes it regular.
  @Test func copiesOfQueriesAreNoTrouble() throws {
    let half = RegressionSample.problem(rows: 20)
    let problem = RegressionProblem(
      benchmarks: half.benchmarks + half.benchmarks, benchmarkCount: 1,
      inputs: .stacked([half.inputs, half.inputs]), targets: .stacked([half.targets, half.targets]),
      groups: [.init(rows: Array(0..<40), columns: Array(0..<4))])
    let result = try KernelRidgeRegression(l2: 0.1, width: 1.5).fit(problem)
    try Self.expectAgreement(result, problem, l2: 0.1, kernel: RegressionSample.gaussian(Self.gamma))
    #expect(throws: NumericalError.self) {
      try KernelRidgeRegression(l2: 1e-7, width: 1.5).fit(problem)
    }
    #expect(try KernelRidgeRegression().fit(problem).leaveOneOutError.isFinite)
  }

  @Test func embeddingsThatAreAllEqualAreRefused() {
    let problem = RegressionSample.problem().with(inputs: Matrix(rows: 40, columns: 3, repeating: 2))
    #expect(throws: DataError.self) { try KernelRidgeRegression().fit(problem) }
  }

  @Test func lowerRankFitsOfTheKernelKeepTheLeadingAxes() throws {
    let problem = RegressionSample.problem(rows: 60, llms: 6)
    let full = try KernelRidgeRegression(l2: 0.5, width: 1.5).fit(problem)
    let low = try KernelRidgeRegression(l2: 0.5, width: 1.5, rank: 2).fit(problem)
    #expect(low.map.width == 2 && full.map.width == 6)
    #expect(low.llmFactors == full.llmFactors.selecting(columns: [0, 1]))
    let difference = zip(
      Self.predictions(full, problem).storage, Self.predictions(low, problem).storage
    ).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let rest = full.llmFactors.selecting(columns: [2, 3, 4, 5]).storage.reduce(0) { $0 + $1 * $1 } * 60
    #expect(abs(difference - rest) < 0.01 * rest)
  }

  @Test func aModelOfAMapRefusesForeignEmbeddings() throws {
    let result = try KernelRidgeRegression(l2: 0.5, width: 1.5).fit(RegressionSample.problem())
    let llms = result.biases.llms.indices.map { "llm\($0)" }
    let model = try FactorModel(
      RouterIdentity(name: "kernel", encoder: nil, llms: llms), llmFactors: result.llmFactors,
      llmBiases: result.biases.llms, queryEncoder: result.map)
    for embeddings in [Matrix(rows: 1, columns: 4), Matrix(rows: 1, columns: 3, repeating: .nan)] {
      #expect(throws: DataError.self) {
        try model.scores(for: QueryBatch(embeddings: embeddings, benchmark: "b"), among: Candidates(llms))
      }
    }
  }

  @Test(arguments: [0, 2]) func threadsDoNotChangeTheBits(mask: Int) throws {
    let problem = RegressionSample.problem(rows: 700, dimensions: 20, llms: 10, isMissing: Self.masks[mask])
    func results() throws -> [Matrix] {
      let exact = try KernelRidgeRegression(searchQueries: 300).fit(problem)
      let landmarks = try KernelRidgeRegression(exactQueries: 100, landmarks: 300, searchQueries: 300).fit(
        problem)
      return [exact, landmarks].flatMap { [$0.map.coefficients, $0.llmFactors, Matrix([$0.biases.llms])] }
    }
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let one = try results()
    Threads.count = 2
    #expect(try results() == one)
  }
}
