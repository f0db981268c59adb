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
    #expect(found.slope > 0 && found.slope.isFinite && found.intercept.isFinite)
  }
}
