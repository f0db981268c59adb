import Foundation
import Metrics
import NumericKernels
import Testing

@testable import Debiasing

/// Intervals against a known truth.
@Suite("Intervals of targets") struct IntervalTests {
  /// The value of a target on the planted world: the mean over very many rows.
  private static func truth(_ target: (PlantedLog) -> (Int, Int) -> Double) -> Double {
    let world = PlantedLog(rows: 20_000, modelError: 0, seed: 99)
    let shares = target(world)
    return (0..<world.count).reduce(0) { sum, row in
      sum + (0..<world.llms).reduce(0) { $0 + shares(row, $1) * world.truth[row][$1] }
    } / Double(world.count)
  }

  /// How many of 300 logs' intervals hold the truth, and their mean length.
  private func coverage(
    rows: Int, repeats: Int = 1, by name: String, method: IntervalMethod = .auto, clustered: Bool = true,
    target: @Sendable @escaping (PlantedLog) -> (Int, Int) -> Double
  ) throws -> (share: Double, length: Double) {
    let truth = Self.truth(target)
    let estimator = try OffPolicyEstimator(name)
    let found = Parallel.map(300) { seed -> (Bool, Double) in
      let log = PlantedLog(rows: rows, repeats: repeats, seed: UInt64(seed))
      var own = log.rows(target: target(log))
      if !clustered {
        own = TargetRows(
          weights: own.weights, responses: own.responses, predictions: own.predictions, expected: own.expected
        )
      }
      let estimate = TargetEstimate(own, by: estimator, method: method)
      return (estimate.low <= truth && truth <= estimate.high, estimate.high - estimate.low)
    }
    return (
      Double(found.count(where: \.0)) / 300, found.reduce(0) { $0 + $1.1 } / 300
    )
  }

  // 95% of 300 have a standard error of 1.3 points.
  @Test(arguments: ["snips", "sndr", "dr"]) func coverTheTruthAsOftenAsTheySay(name: String) throws {
    let many = try coverage(rows: 800, by: name) { $0.power(-1) }
    #expect(many.share > 0.915 && many.share < 0.99, "\(many)")
    let few = try coverage(rows: 60, by: name) { $0.power(-1) }
    #expect(few.share > 0.915, "\(few)")
    let last = try coverage(rows: 200, by: name) { $0.greedy() }
    #expect(last.share > 0.915, "\(last)")
  }

  @Test func rowsOfOneQueryAreNotIndependent() throws {
    let clustered = try coverage(rows: 1_200, repeats: 6, by: "snips") { $0.power(1) }
    let naive = try coverage(rows: 1_200, repeats: 6, by: "snips", clustered: false) { $0.power(1) }
    #expect(clustered.share > 0.89, "\(clustered)")
    #expect(naive.share < 0.85, "\(naive)")
  }

  @Test func bettingHoldsAndCostsLength() throws {
    let betting = try coverage(rows: 800, by: "sndr", method: .betting) { $0.power(-1) }
    let linearized = try coverage(rows: 800, by: "sndr", method: .linearized) { $0.power(-1) }
    #expect(betting.share >= 0.95)
    #expect(betting.length > linearized.length)
    #expect(betting.length < 0.6, "\(betting)")
  }

  @Test func bettingBoundsAreThoseOfASlowGambler() {
    let log = PlantedLog(rows: 300, repeats: 3, seed: 4)
    let rows = log.rows(target: log.power(-1))
    let interval = BettingBounds(rows).interval(level: 0.9)
    /// The capital of the gambler at its highest, in logarithms.
    func highest(_ mean: Double, _ gain: (Int) -> Double) -> Double {
      var (capital, most) = (0.0, 0.0)
      var (sum, count, squares) = (0.5, 1.0, 0.25)
      for query in 0..<100 {
        let own = (0..<300).filter { log.queries[$0] == query }
        let total = own.reduce(0) { $0 + gain($1) }
        let bet = (2 * gambleLog / 100 * Double(query + 1) / squares).squareRoot()
        capital += natural(1 + min(bet, 0.5 / (3 * mean)) * (total - 3 * mean))
        most = max(most, capital)
        sum += total
        count += 3
        squares += (total - sum / count * 3) * (total - sum / count * 3)
      }
      return most
    }
    func gain(_ row: Int) -> Double { rows.weights[row] * rows.responses[row] }
    func loss(_ row: Int) -> Double { rows.weights[row] * (1 - rows.responses[row]) }
    #expect(highest(interval.low - 1e-6, gain) >= gambleLog)
    #expect(highest(interval.low + 1e-6, gain) < gambleLog)
    #expect(highest(1 - interval.high - 1e-6, loss) >= gambleLog)
    #expect(highest(1 - interval.high + 1e-6, loss) < gambleLog)
  }

  @Test func differencesArePaired() throws {
    let log = PlantedLog(rows: 2_000, seed: 3)
    let estimator = try OffPolicyEstimator("sndr")
    let near = try #require(estimator.estimate(log.rows(target: log.greedy(0.9))))
    let far = try #require(estimator.estimate(log.rows(target: log.greedy(0.8))))
    let paired = (near - far).standardError
    let apart = (near.variance + far.variance).squareRoot()
    #expect(paired < apart / 4, "\(paired), \(apart)")
  }

  @Test func whatTheLoggerNeverPicksIsBounded() throws {
    let log = PlantedLog(rows: 2_000, seed: 5)
    let target = log.greedy(0.3)
    let whole = log.rows(target: target)
    // The last LLM loses its rows: 30% and a fourth of the rest of the target's picks are unseen.
    let kept = (0..<log.count).filter { log.picks[$0] != 3 }
    func part(_ values: [Double]) -> [Double] { kept.map { values[$0] } }
    let rows = TargetRows(
      weights: part(whole.weights), responses: part(whole.responses), predictions: part(whole.predictions),
      expected: part(whole.expected), masses: kept.map { _ in 1 - 0.475 })
    for method in IntervalMethod.allCases {
      let estimate = TargetEstimate(rows, by: try OffPolicyEstimator("snips"), method: method)
      #expect(estimate.value == nil)
      #expect(abs(estimate.unseenShare - 0.475) < 1e-9)
      #expect(estimate.high - estimate.low > 0.475 && estimate.high - estimate.low < 0.75, "\(estimate)")
    }
    let nothing = TargetRows(
      weights: [0, 0], responses: [1, 1], predictions: [1, 1], expected: [0, 0], masses: [0, 0])
    let estimate = TargetEstimate(nothing, by: try OffPolicyEstimator("sndr"))
    #expect(estimate.value == nil && estimate.low == 0 && estimate.high == 1 && estimate.unseenShare == 1)
  }

  @Test func fewRowsGetCressieRead() throws {
    let few = PlantedLog(rows: 60, seed: 6)
    let many = PlantedLog(rows: 2_000, seed: 6)
    let estimator = try OffPolicyEstimator("dr")
    #expect(TargetEstimate(few.rows(target: few.power(-1)), by: estimator).method == .cressieRead)
    #expect(TargetEstimate(many.rows(target: many.power(-1)), by: estimator).method == .linearized)
  }
}

/// The logarithm of 2/α at the level 0.9.
private let gambleLog = natural(20)

private func natural(_ value: Double) -> Double { Foundation.log(value) }
