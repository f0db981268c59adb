import Foundation
import NumericKernels
import Testing

@testable import ColdStart

/// New benchmarks of known shift, and LLMs of known offsets.
@Suite struct BenchmarkShiftTests {
  private struct Sample {
    var predicted: Matrix
    var responses: Matrix
    var features: Matrix
  }

  /// Log-odds N(0, 1) that are off by a shift, by offsets of LLMs and by a bump that the first feature shows.
  private func sample(
    _ count: Int, shift: Float, offsets: [Float], bump: Float = 0, seed: UInt64
  ) -> Sample {
    var generator = SeededGenerator(seed: seed, stream: "shift")
    let m = offsets.count
    var sample = Sample(
      predicted: Matrix(rows: count, columns: m), responses: Matrix(rows: count, columns: m),
      features: Matrix(rows: count, columns: 2))
    for row in 0..<count {
      let side: Float = row % 2 == 0 ? 1 : -1
      sample.features[row, 0] = side + 0.1 * generator.normal()
      sample.features[row, 1] = 0.1 * generator.normal()
      for llm in 0..<m {
        let z = generator.normal()
        let sign: Float = llm % 2 == 0 ? 1 : -1
        let truth = Elementwise.sigmoid(z + shift + offsets[llm] + bump * side * sign)
        sample.predicted[row, llm] = Elementwise.sigmoid(z)
        sample.responses[row, llm] = generator.uniform() < truth ? 1 : 0
      }
    }
    return sample
  }

  @Test func shiftAndOffsetsAreFound() {
    let offsets: [Float] = [0.8, -0.8, 0, 0.4, -0.4, 0, 0, 0]
    let sample = sample(600, shift: -1, offsets: offsets, seed: 1)
    let shift = BenchmarkShift(
      logOdds: sample.predicted.mapped { Elementwise.logit($0) }, responses: sample.responses)
    for (found, truth) in zip(shift.offsets, offsets) { #expect(abs(found - (truth - 1)) < 0.3) }
  }

  @Test func noLabelsChangeNothing() {
    let shift = BenchmarkShift(
      logOdds: Matrix(rows: 0, columns: 3), responses: Matrix(rows: 0, columns: 3))
    #expect(shift.offsets == [0, 0, 0])
  }

  @Test func fewLabelsAreShrunk() {
    let sample = sample(2, shift: 3, offsets: [0, 0, 0, 0], seed: 2)
    let shift = BenchmarkShift(
      logOdds: sample.predicted.mapped { Elementwise.logit($0) }, responses: sample.responses)
    #expect(shift.shift > 0 && shift.shift < 2)
  }

  @Test func missingAnswersAreNotWrong() {
    var sample = sample(200, shift: 0.5, offsets: [0, 0, 0, 0], seed: 3)
    for row in 0..<200 where row % 2 == 0 { sample.responses[row, 1] = .nan }
    let shift = BenchmarkShift(
      logOdds: sample.predicted.mapped { Elementwise.logit($0) }, responses: sample.responses)
    #expect(abs(shift.offsets[1] - shift.offsets[0]) < 0.4)
  }

  @Test func labelsLowerTheLossOfOthers() throws {
    let offsets: [Float] = [0.5, -0.5, 0, 0, 0, 0]
    let labels = sample(60, shift: -1, offsets: offsets, bump: 1.5, seed: 4)
    let rest = sample(1_000, shift: -1, offsets: offsets, bump: 1.5, seed: 5)
    let learned = try LabelledBenchmark(
      predicted: labels.predicted, responses: labels.responses, features: labels.features)
    func loss(_ predictions: Matrix) -> Double {
      PredictionQuality(predictions, responses: rest.responses, seed: 1).logLoss
    }
    let before = loss(rest.predicted)
    let shifted = loss(learned.shifted(rest.predicted))
    let local = loss(learned.corrected(rest.predicted, features: rest.features))
    #expect(shifted < before - 0.05)
    #expect(local < shifted - 0.05)
  }

  @Test func residualsThatNothingExplainsAreLeft() throws {
    let labels = sample(40, shift: 0, offsets: [0, 0, 0, 0, 0, 0], seed: 6)
    let rest = sample(1_000, shift: 0, offsets: [0, 0, 0, 0, 0, 0], seed: 7)
    let learned = try LabelledBenchmark(
      predicted: labels.predicted, responses: labels.responses, features: labels.features)
    func loss(_ predictions: Matrix) -> Double {
      PredictionQuality(predictions, responses: rest.responses, seed: 1).logLoss
    }
    #expect(loss(learned.corrected(rest.predicted, features: rest.features)) < loss(rest.predicted) + 0.02)
  }
}
