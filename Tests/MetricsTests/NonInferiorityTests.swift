import Foundation
import NumericKernels
import Testing

@testable import Metrics

/// The bound of a loss against the likelihood searched by brute force, and by simulation.
@Suite struct NonInferiorityTests {
  private func differences(gains: Int, losses: Int, of count: Int, size: Double = 1) -> [Double] {
    Array(repeating: size, count: gains) + Array(repeating: -size, count: losses)
      + Array(repeating: 0, count: count - gains - losses)
  }

  /// The score statistic with the rate of gains that makes b gains and c losses most probable, found on a fine grid.
  private func slowScore(_ gains: Double, _ losses: Double, _ count: Double, loss: Double) -> Double {
    var best = (likelihood: -Double.infinity, rate: 0.0)
    let (low, high) = (max(0, -loss), (1 - loss) / 2)
    for step in 1..<20_000 {
      let rate = low + (high - low) * Double(step) / 20_000
      let likelihood =
        gains * log(rate) + losses * log(rate + loss) + (count - gains - losses) * log(1 - 2 * rate - loss)
      if likelihood > best.likelihood { best = (likelihood, rate) }
    }
    return (gains - losses + count * loss)
      / (count * (2 * best.rate + loss - loss * loss)).squareRoot()
  }

  @Test(arguments: [(3, 5, 200), (0, 4, 150), (12, 7, 300), (1, 1, 60)])
  func isWhereTheScoreIsTheQuantile(gains: Int, losses: Int, count: Int) {
    let bound = NonInferiority.lowerBound(
      of: differences(gains: gains, losses: losses, of: count), level: 0.95)
    let score = slowScore(Double(gains), Double(losses), Double(count), loss: -bound)
    #expect(abs(score - StudentLevel.quantile(0.9, freedom: count - 1)) < 1e-3)
  }

  @Test func noDifferenceAmongFewQueriesShowsLittle() {
    for count in [20, 132, 1_200] {
      let bound = NonInferiority.lowerBound(of: differences(gains: 0, losses: 0, of: count), level: 0.95)
      #expect(abs(bound - NonInferiority.lowerBound(ofNoDifferenceAmong: count, level: 0.95)) < 1e-9)
      #expect(bound < -2.5 / Double(count) && bound > -3.1 / Double(count))
    }
  }

  @Test func halfTheDifferencesHaveHalfTheBound() {
    let whole = NonInferiority.lowerBound(of: differences(gains: 4, losses: 9, of: 400), level: 0.95)
    let half = NonInferiority.lowerBound(
      of: differences(gains: 4, losses: 9, of: 400, size: 0.5), level: 0.95)
    #expect(abs(half - whole / 2) < 1e-9)
    let other = differences(gains: 9, losses: 4, of: 400)
    #expect(abs(NonInferiority.upperBound(of: other, level: 0.95) + whole) < 1e-12)
  }

  /// A true loss is above the bound in one of twenty samples, also where hardly any answer changes.
  @Test(arguments: [(0.02, 0.025), (0.002, 0.007), (0.0, 0.005)])
  func holdsAsOftenAsItSays(gainRate: Double, lossRate: Double) {
    var generator = SeededGenerator(seed: 5, stream: "non-inferiority")
    let samples = 500
    var wrong = 0
    for _ in 0..<samples {
      let own = (0..<600).map { _ -> Double in
        let draw = Double(generator.uniform())
        return draw < gainRate ? 1 : draw < gainRate + lossRate ? -1 : 0
      }
      if NonInferiority.lowerBound(of: own, level: 0.95) > gainRate - lossRate { wrong += 1 }
    }
    #expect(Double(wrong) / Double(samples) < 0.08, "\(wrong) of \(samples)")
  }
}
