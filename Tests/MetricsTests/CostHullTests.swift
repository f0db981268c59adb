import NumericKernels
import TestSupport
import Testing

@testable import Metrics

/// The non-decreasing convex hull and its mean quality, by hand and against every pair of points.
@Suite struct CostHullTests {
  private func point(_ cost: Double, _ quality: Double) -> CostHull.Point {
    CostHull.Point(cost: cost, quality: quality)
  }

  @Test func dominatedPointsAreNoCorners() {
    let hull = CostHull(of: [point(2, 0.85), point(1, 0.5), point(3, 0.8), point(15, 0.97), point(1, 0.4)])
    #expect(hull.points == [point(1, 0.5), point(2, 0.85), point(15, 0.97)])
    #expect(
      CostHull(of: [point(1, 0.2), point(2, 0.3), point(3, 0.8)]).points == [point(1, 0.2), point(3, 0.8)])
    #expect(CostHull(of: [point(5, 0.3), point(1, 0.3)]).points == [point(1, 0.3)])
  }

  @Test func aCurveThatEndsEarlyGoesOnLevel() {
    let hull = CostHull(of: [point(1, 0.4), point(3, 0.8)])
    // 0.4 to 0.8 over two units, then 0.8 over six.
    #expect(abs(hull.meanQuality(over: 1...9) - (0.6 * 2 + 0.8 * 6) / 8) < 1e-12)
    #expect(hull.quality(at: 100) == 0.8 && hull.meanQuality(over: 4...9) == 0.8)
    #expect(hull.meanQuality(over: 2...2) == hull.quality(at: 2) && abs(hull.quality(at: 2) - 0.6) < 1e-12)
  }

  @Test func beforeItsFirstCornerOnlySomeQueriesAreAnswered() {
    let hull = CostHull(of: [point(2, 0.6)])
    #expect(hull.quality(at: 1) == 0.3 && hull.quality(at: 0) == 0)
    #expect(abs(hull.meanQuality(over: 1...3) - (0.45 + 0.6) / 2) < 1e-12)
    #expect(CostHull(of: [point(0, 0.6)]).quality(at: 0) == 0.6)
  }

  @Test func theLeastCostOfAQualityLiesOnTheHull() {
    let hull = CostHull(of: [point(1, 0.4), point(3, 0.8)])
    #expect(hull.leastCost(of: 0.6).map { abs($0 - 2) < 1e-12 } == true)
    #expect(hull.leastCost(of: 0.1) == 1 && hull.leastCost(of: 0.8) == 3 && hull.leastCost(of: 0.81) == nil)
  }

  /// What two points reach at a cost by mixing, or one of them by paying no more.
  private func best(of points: [CostHull.Point], at cost: Double) -> Double {
    var best = 0.0
    for left in points where left.cost <= cost {
      best = max(best, left.quality)
      for right in points where right.cost > cost {
        let share = (cost - left.cost) / (right.cost - left.cost)
        best = max(best, left.quality + share * (right.quality - left.quality))
      }
    }
    return best
  }

  @Test(arguments: 0..<40) func noMixtureOfTwoPointsIsAbove(seed: Int) {
    var generator = SeededGenerator(seed: 4, stream: "hull", seed)
    let points = (0..<1 + generator.below(12)).map { _ in
      point(Double(generator.below(9)), Double(generator.below(9)) / 8)
    }
    let hull = CostHull(of: points)
    let first = points.map(\.cost).min() ?? 0
    var sum = 0.0
    for step in 0...800 {
      let cost = first + Double(step) / 100
      let expected = best(of: points, at: cost)
      #expect(abs(hull.quality(at: cost) - expected) < 1e-9, "at \(cost)")
      sum += expected * (step == 0 || step == 800 ? 0.5 : 1)
    }
    #expect(abs(hull.meanQuality(over: first...first + 8) - sum / 800) < 1e-4)
  }
}
