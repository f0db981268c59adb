import Foundation
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Metrics

/// How good predicted responses are: log-loss, AUC, Brier score and expected calibration error.
@Suite struct PredictionErrorsTests {
  @Test func aTableWorkedByHand() {
    let errors = PredictionErrors(
      predicted: Matrix([[0.75, 0.25], [0.75, 1]]), responses: Matrix([[1, 0], [0, 1]]))
    // Errors p − y: −1/4, 1/4, 3/4, 0 → (1/16 + 1/16 + 9/16 + 0) / 4.
    #expect(ShiftedMean.of(errors.squared) == 0.171875)
    // Bin 7 holds −1/4 and 3/4, bin 2 holds 1/4, bin 9 holds 0 → (|1/2| + |1/4| + 0) / 4.
    #expect(errors.signed.reduce(0) { $0 + abs(ShiftedMean.of($1)) } == 0.1875)
    #expect(errors.signed[7] == [-0.125, 0.375])
    // 3/4 and 3/4 for the first query, 1/4 and (clipped) 0.999 for the second.
    let losses = [-log(0.75), -(log(0.25) + log(0.999)) / 2]
    #expect(zip(errors.logLosses, losses).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(abs(ShiftedMean.of(errors.logLosses) - (losses[0] + losses[1]) / 2) < 1e-12)
    // Right answers have 0.75 and 1, wrong ones 0.25 and 0.75: three pairs won and one tied.
    #expect(errors.areaUnderCurve == 0.875)
  }

  @Test func aContinuousResponseHasItsSquaredError() {
    let errors = PredictionErrors(predicted: Matrix([[0.5]]), responses: Matrix([[0.25]]))
    #expect(ShiftedMean.of(errors.squared) == 0.0625)
    #expect(errors.signed.reduce(0) { $0 + abs(ShiftedMean.of($1)) } == 0.25)
  }

  @Test func certainErrorsAreNotInfinite() {
    let errors = PredictionErrors(predicted: Matrix([[0, 1]]), responses: Matrix([[1, 0]]))
    #expect(abs(ShiftedMean.of(errors.logLosses) + log(0.001)) < 1e-12)
    #expect(errors.areaUnderCurve == 0)
  }

  @Test func rankingNeedsRightAndWrongAnswers() {
    let right = PredictionErrors(predicted: Matrix([[0.5, 0.25]]), responses: Matrix([[1, 1]]))
    #expect(right.areaUnderCurve == nil && right.logLosses[0] > 0)
    // One graded answer is half right and half wrong, and ties with itself.
    let graded = PredictionErrors(predicted: Matrix([[0.5]]), responses: Matrix([[0.5]]))
    #expect(graded.areaUnderCurve == 0.5)
    #expect(abs(graded.logLosses[0] - log(2)) < 1e-12)
  }

  @Test func binsAreOfEqualWidth() {
    let predictions: [Float] = [0, 0.05, 0.1, 0.15, 0.3, 0.6, 0.7, 0.99, 1]
    #expect(predictions.map(PredictionErrors.bin) == [0, 0, 1, 1, 3, 6, 7, 9, 9])
  }

  @Test(arguments: [true, false])
  func theBootstrapAgreesWithTheReference(binary: Bool) throws {
    let table = try TableBenchmark.random(queryCount: 130, llmCount: 5, binary: binary, seed: 4)
    let router = ScriptedRouter("sure", predicts: true) { query, llm in
      Float((query * 7 + (llm.utf8.last.map(Int.init) ?? 0) * 5) % 21) / 20
    }
    let (pool, routed) = try table.route([router] + table.baselines)
    let predicted = try #require(
      router.scores(for: table.batch(queries: pool.queries), among: pool.candidates).probabilities)
    let metrics = RoutingMetrics(routed[0], pool: pool)
    let whole = ReferenceBootstrap.calibration(predicted, pool: pool, drawn: ReferenceBootstrap.all(pool))
    #expect(abs((metrics[.brier] ?? .nan) - whole.brier) < 1e-9)
    #expect(abs((metrics[.calibrationError] ?? .nan) - whole.error) < 1e-9)
    #expect(abs((metrics[.logLoss] ?? .nan) - whole.logLoss) < 1e-9)
    let area = try #require(ReferenceBootstrap.areaUnderCurve(predicted, pool: pool))
    #expect(abs((metrics[.auc] ?? .nan) - area) < 1e-9)
    let replicates = Bootstrap(resamples: 300, seed: 9).replicates(of: routed, pool: pool)
    for resample in 0..<300 {
      let drawn = ReferenceBootstrap.draw(pool, seed: 9, resample: resample)
      let expected = ReferenceBootstrap.calibration(predicted, pool: pool, drawn: drawn)
      #expect(abs((replicates.routers[0][.logLoss]?[resample] ?? .nan) - expected.logLoss) < 3e-6)
      #expect(abs((replicates.routers[0][.brier]?[resample] ?? .nan) - expected.brier) < 1e-6)
      #expect(abs((replicates.routers[0][.calibrationError]?[resample] ?? .nan) - expected.error) < 1e-6)
    }
    // The oracle predicts the responses; the others predict nothing.
    #expect(replicates.routers[1][.brier] == [Double](repeating: 0, count: 300))
    #expect(replicates.routers[1][.calibrationError] == [Double](repeating: 0, count: 300))
    #expect(replicates.routers[2][.logLoss] == nil && RoutingMetrics(routed[2], pool: pool)[.auc] == nil)
    #expect(replicates.routers[2][.brier] == nil && replicates.routers[2][.calibrationError] == nil)
  }

  @Test func refusesPredictionsThatAreNoResponses() throws {
    let table = try TableBenchmark([[1, 0], [1, 0]], parts: [.train, .test])
    let router = ScriptedRouter("bold", predicts: true) { _, llm in llm == "llm1" ? 1.5 : 0 }
    #expect(
      throws: DataError(
        "router 'bold': the predicted response of LLM 'llm1' for query 1 of benchmark 'table' is 1.5, "
          + "expected a number from 0 to 1")
    ) { try table.route([router]) }
  }
}
