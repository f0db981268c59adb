import Learning
import NumericKernels
import RoutingData
import Testing

@testable import ColdStart

@Suite struct EstimatorTests {
  private func known(_ data: PlantedLLMs, _ llms: [Int]) throws -> KnownBenchmark {
    KnownBenchmark(
      Placement(try data.model(of: llms).foldIn()),
      answers: data.benchmark.responses.cells.selecting(columns: llms))
  }

  /// Fewer and more anchors than LLMs take different ways to the same solution of the normal equations.
  @Test(arguments: [5, 60]) func bestLinearPredictorIsRidgeRegression(anchorCount: Int) throws {
    let data = try PlantedLLMs(llms: 20)
    let known = try known(data, Array(0..<20))
    let anchors = Array(0..<anchorCount)
    let predictor = try BestLinearPredictor(known, anchors: anchors)
    // The solution at the chosen penalty by plain elimination, anchors × anchors.
    var answers = known.table.selecting(columns: anchors)
    let centre = anchors.map { column in answers.column(column).reduce(0, +) / 20 }
    answers.addToRows(centre.map { -$0 })
    let smaller = Double(min(anchorCount, 20))
    let trace = (0..<anchorCount).reduce(0.0) { sum, column in
      sum + answers.column(column).reduce(0.0) { $0 + Double($1 * $1) }
    }
    var gram = BLAS.gram(answers)
    for index in 0..<anchorCount { gram[index, index] += predictor.penalty * Float(trace / smaller) }
    let mean = known.accuracies.reduce(0, +) / 20
    let target = Matrix(rows: 20, columns: 1, storage: known.accuracies.map { Float($0 - mean) })
    let slopes = try Cholesky(gram).solve(BLAS.multiply(answers, .transposed, target, .asStored))
    let responses = anchors.map { Float($0 % 2) }
    var expected = mean
    for index in 0..<anchorCount { expected += Double(slopes[index, 0] * (responses[index] - centre[index])) }
    #expect(abs(predictor.estimate(responses).mean - min(max(expected, 0), 1)) < 2e-3)
  }

  @Test func meansOfSamples() {
    let answers = (0..<10).map { GradedAnchor(benchmark: 0, query: $0, response: $0 < 7 ? 1 : 0) }
    let mean = SampleMeans.mean(answers, of: 1_000_000)
    #expect(abs(mean.mean - 0.7) < 1e-9)
    // Half the width of Wilson's interval of 7 of 10, [.3968, .8922].
    #expect(abs(1.959964 * mean.deviation - (0.8922 - 0.3968) / 2) < 1e-3)
    #expect(SampleMeans.mean(answers, of: 10).deviation == 0)
    // Two anchors; three of four queries lie at the second.
    let weights = Matrix([[0, 0], [5, 5], [5, 4], [4, 5]])
    let two = [
      GradedAnchor(benchmark: 0, query: 0, response: 1), GradedAnchor(benchmark: 0, query: 1, response: 0),
    ]
    #expect(abs(SampleMeans.weighted(two, among: weights).mean - 0.25) < 1e-9)
  }

  @Test func mixturesFindTheBetterEstimator() {
    var generator = SeededGenerator(seed: 8, stream: "mixtures")
    let truths = (0..<200).map { _ in Double(generator.uniform()) }
    let rows = truths.map { [$0 + 0.3 * Double(generator.normal()), $0 + 0.02 * Double(generator.normal())] }
    let weights = SimplexLeastSquares(rows, truths: truths, trusted: 0).weights
    // Caution keeps some weight on the trusted one.
    #expect(weights[1] > 0.85)
    #expect(abs(weights.reduce(0, +) - 1) < 1e-9)
    // Two errors that cancel are mixed half and half.
    let opposed = truths.map { truth -> [Double] in
      let error = 0.2 * Double(generator.normal())
      return [truth + error, truth - error]
    }
    let halves = SimplexLeastSquares(opposed, truths: truths, trusted: 0).weights
    #expect(abs(halves[0] - 0.5) < 0.03)
  }

  /// Deviations that are a quarter of the errors of inner folds are widened by as much.
  @Test func intervalsAreAsWideAsInnerErrors() throws {
    var generator = SeededGenerator(seed: 11, stream: "widths")
    let cell = TrialGrid.Cell(policy: .adaptive, count: 20)
    let trials = (0..<200).map { llm -> LLMExperiment.Trial in
      let truth = 0.3 + 0.4 * Double(generator.uniform())
      let estimates = EstimatorName.direct.map { _ in
        EstimatedAccuracy(mean: truth + 0.04 * Double(generator.normal()), deviation: 0.01)
      }
      return LLMExperiment.Trial(llm: llm, truth: truth, estimates: [cell: estimates])
    }
    let mixtures = Mixtures(trials, cell: cell)
    let new = EstimatorName.direct.map { _ in EstimatedAccuracy(mean: 0.5, deviation: 0.01) }
    for (name, _, interval) in mixtures.completed(new) where EstimatorName.direct.contains(name) {
      let half = (interval.upperBound - interval.lowerBound) / 2
      #expect((0.06...0.11).contains(half), "\(name): \(half)")
    }
  }

  @Test func similarLLMsAreFound() throws {
    let data = try PlantedLLMs(llms: 30)
    let known = try known(data, Array(0..<30))
    let answers = data.answers(of: 4, to: Array(0..<400))
    let estimate = SimilarLLMs.estimate(answers, known)
    #expect(abs(estimate.mean - data.accuracy(of: 4)) < 0.15)
  }

  /// Two clusters, three quarters of the queries in the second: each counts by its size, not by its answers.
  @Test func clusterErrorsCountClustersBySize() {
    let points = Matrix((0..<40).map { query in [query < 10 ? 0 : 10, query < 10 ? 0.1 : 0] })
    let clusters = ClusterErrors(of: points, answers: 10, seed: 1)
    func answers(_ grades: [(query: Int, response: Float)]) -> [GradedAnchor] {
      grades.map { GradedAnchor(benchmark: 0, query: $0.query, response: $0.response) }
    }
    let most = answers((0..<8).map { (query: $0, response: $0 < 6 ? 1 : 0) } + [(20, 0), (30, 1)])
    #expect(abs(clusters.estimate(most).mean - (0.25 * 0.75 + 0.75 * 0.5)) < 1e-9)
    // Without an answer a cluster has the mean of all.
    #expect(abs(clusters.estimate(answers([(0, 1), (1, 0)])).mean - 0.5) < 1e-9)
    // The fewer answers the large cluster has, the less is known.
    let even = answers((0..<5).map { (query: $0, response: 1) } + (20..<25).map { (query: $0, response: 1) })
    #expect(clusters.estimate(even).deviation < clusters.estimate(most).deviation)
    #expect(clusters.estimate(even).deviation > 0.05)
  }

  /// A published baseline beside the mixture is no part of it.
  @Test func theMixtureLeavesUniRouteOut() {
    let cell = TrialGrid.Cell(policy: .adaptive, count: 20)
    func estimates(_ truth: Double) -> [EstimatedAccuracy] {
      EstimatorName.direct.map {
        EstimatedAccuracy(mean: $0 == .uniRoute ? truth : truth + 0.1, deviation: 0.01)
      }
    }
    let trials = (0..<40).map { llm in
      LLMExperiment.Trial(
        llm: llm, truth: 0.3 + 0.01 * Double(llm), estimates: [cell: estimates(0.3 + 0.01 * Double(llm))])
    }
    let made = Mixtures(trials, cell: cell).completed(estimates(0.4))
    #expect(made.first { $0.0 == .stack }.map { abs($0.1 - 0.5) < 1e-6 } == true)
    #expect(made.contains { $0.0 == .uniRoute })
  }
}
