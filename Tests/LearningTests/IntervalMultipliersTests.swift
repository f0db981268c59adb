import Foundation
import NumericKernels
import Testing

@testable import Learning

@Suite struct IntervalMultipliersTests {
  private let some = IntervalMultipliers(
    counts: [0, 20, 100], adaptive: [1, 2, 1.5], random: [1.2, 0.8, 1.6])

  @Test func betweenTriedNumbersOfAnswers() {
    for (place, count) in some.counts.enumerated() {
      #expect(some.multiplier(answers: count, chosen: .adaptive) == some.adaptive[place])
      #expect(some.multiplier(answers: count, chosen: .random) == some.random[place])
    }
    let between = some.multiplier(answers: 45, chosen: .adaptive)
    #expect(between < 2 && between > 1.5)
    #expect(some.multiplier(answers: 5_000, chosen: .adaptive) == 1.5)
    for count in [0, 3, 20, 60, 300] {
      #expect(
        some.multiplier(answers: count, chosen: .unknown)
          == max(
            some.multiplier(answers: count, chosen: .adaptive),
            some.multiplier(answers: count, chosen: .random)))
      #expect(IntervalMultipliers.none.multiplier(answers: count, chosen: .unknown) == 1)
    }
  }

  @Test func normalErrorsNeedNoMultiplier() {
    var generator = SeededGenerator(seed: 4, stream: "ratios")
    let ratios = (0..<3).map { _ in (0..<4_000).map { _ in Double(abs(generator.normal())) } }
    for multiplier in IntervalMultipliers.quantiles(ratios) { #expect(abs(multiplier - 1) < 0.05) }
    #expect(abs(IntervalMultipliers.quantile(ratios[0].map { 3 * $0 }) - 3) < 0.2)
    #expect(IntervalMultipliers.quantile([]) == 1)
    // Of few the largest.
    #expect(IntervalMultipliers.quantile([1, 5, 2]) == 5 / 1.959964)
  }

  /// The ratio at which an interval is said to reach a value is that at which it does.
  @Test func intervalsReachAsFarAsRatiosSay() {
    for mean in [0.02, 0.3, 0.5, 0.93] {
      for truth in [0.01, 0.2, 0.5, 0.9, 0.999] where truth != mean {
        for deviation in [0.01, 0.05, 0.2] {
          let estimate = AccuracyEstimate(
            benchmark: "b", queries: 100, answered: 10, mean: mean, deviation: deviation, least: 0, most: 1)
          let needed = estimate.deviations(to: truth) / 1.959964
          #expect(estimate.interval(multiplier: needed * 1.0001).contains(truth))
          #expect(!estimate.interval(multiplier: needed * 0.9999).contains(truth))
        }
      }
    }
  }
}
