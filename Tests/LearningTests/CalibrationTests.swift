import Foundation
import NumericKernels
import Testing

@testable import Learning

@Suite struct CalibrationTests {
  /// Labels drawn from σ(a·s + b) for scores of any scale give a and b back.
  @Test(arguments: [(2.0, 0.5, 1.0), (300, -40, 0.1), (0.004, 1, 200)])
  func recoversTheTruth(slope: Double, intercept: Double, scale: Double) {
    var generator = SeededGenerator(seed: 11)
    var scores: [Float] = []
    var labels: [Float] = []
    for index in 0..<40_000 {
      let score = Float(scale) * generator.normal()
      let probability = 1 / (1 + exp(-(slope * Double(score) + intercept)))
      scores.append(score)
      // Every seventh response is missing.
      labels.append(index % 7 == 0 ? .nan : Double(generator.uniform()) < probability ? 1 : 0)
    }
    let found = Calibration.fit(scores: scores, labels: labels)
    #expect(abs(Double(found.slope) / slope - 1) < 0.1)
    #expect(abs(Double(found.intercept) - intercept) < 0.1 * max(abs(intercept), 1))
  }

  @Test func scoresThatSayNothingStayAsTheyAre() {
    #expect(Calibration.fit(scores: [2, 2, 2], labels: [0, 1, 1]) == .logOdds)
    #expect(Calibration.fit(scores: [1, 2], labels: [.nan, .nan]) == .logOdds)
    #expect(Calibration.fit(scores: [], labels: []) == .logOdds)
  }

  /// Perfectly separated or reversed scores give a finite slope above 0.
  @Test(arguments: [[0, 0, 1, 1], [1, 1, 0, 0]] as [[Float]]) func extremes(_ labels: [Float]) {
    let found = Calibration.fit(scores: [-2, -1, 1, 2], labels: labels)
    // Without the prior, separated scores would be worth a slope of 20 and more.
    #expect(found.slope > 0 && found.slope < 10 && found.intercept.isFinite)
  }

  /// One outlying score with the wrong label makes the first step of Newton's far too long.
  ///
  /// Undamped, the intercept then leaves for ±90,000 and never returns; the probabilities must stay right on average.
  @Test(arguments: [(200, 300 as Float), (999, 1000), (999, -1000)])
  func anOutlyingScoreDoesNotThrowTheInterceptOff(count: Int, outlier: Float) {
    var generator = SeededGenerator(seed: 12)
    var scores: [Float] = [outlier]
    var labels: [Float] = [outlier > 0 ? 0 : 1]
    for _ in 0..<count {
      scores.append(generator.normal())
      labels.append((generator.uniform() < 0.95) == (outlier > 0) ? 1 : 0)
    }
    let found = Calibration.fit(scores: scores, labels: labels)
    let mean = scores.reduce(0) { $0 + 1 / (1 + exp(-Double(found.slope * $1 + found.intercept))) }
    let truth = labels.reduce(0) { $0 + Double($1) }
    #expect(abs(mean - truth) / Double(labels.count) < 0.005)
  }
}
