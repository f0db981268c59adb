import NumericKernels
import Testing

@testable import Debiasing

@Suite("Choosing among routers by a log") struct RouterSelectionTests {
  private static let estimator = OffPolicyEstimator.all[0]

  private func selection(_ log: PlantedLog, _ targets: [(Int, Int) -> Double]) throws -> RouterSelection {
    RouterSelection(
      try targets.map { try #require(Self.estimator.estimate(log.rows(target: $0))) }, seed: 1)
  }

  @Test func findsTheBestAndIsSureOfIt() throws {
    let log = PlantedLog(rows: 6_000, seed: 2)
    // LLM 0 is best of all, and the last one worst.
    let found = try selection(log, [log.greedy(1), { $1 == 0 ? 1 : 0 }, log.power(1)])
    #expect(found.best == 1)
    #expect(found.probabilities[1] > 0.95)
    let advantage = try #require(found.advantages[0])
    #expect(try #require(advantage.low) > 0)
    #expect(found.advantages[1] == nil)
  }

  @Test func equalTargetsAreEquallyLikely() throws {
    let log = PlantedLog(rows: 400, seed: 3)
    let found = try selection(log, [log.power(-1), log.power(-1)])
    #expect(found.probabilities.allSatisfy { abs($0 - 0.5) < 1e-9 })
    let advantage = try #require(found.advantages[1])
    #expect(advantage.value == 0 && advantage.low == 0 && advantage.high == 0)
  }

  /// The interval of every pair holds the truth at once, in about 95% of logs.
  @Test func allIntervalsHoldAtOnce() throws {
    // Targets of equal value: each picks LLMs by a coin that the query does not know of.
    let holds = Parallel.map(200) { seed -> Bool in
      let log = PlantedLog(rows: 400, seed: UInt64(seed + 1_000))
      func coin(_ row: Int, _ target: Int) -> Int { (row * 2_654_435_761 >> (3 + target)) & 3 }
      let targets = (0..<4).compactMap { target in
        Self.estimator.estimate(log.rows { coin($0, target) == $1 ? 1 : 0 })
      }
      return RouterSelection(targets, seed: 1).advantages.allSatisfy { advantage in
        guard let low = advantage?.low, let high = advantage?.high else { return true }
        return low <= 0 && high >= 0
      }
    }
    let share = Double(holds.count { $0 }) / 200
    #expect(share > 0.9, "\(share)")
  }

  /// Without a correction for having looked, a nominal 95% probability is wrong more often than said.
  @Test func probabilitiesAreCalibrated() throws {
    let outcomes = Parallel.map(300) { seed -> (Double, Bool) in
      let log = PlantedLog(rows: 300, seed: UInt64(seed + 2_000))
      let targets = [
        { (_: Int, llm: Int) in llm == 0 ? 1.0 : 0 }, { (_: Int, llm: Int) in llm == 1 ? 1.0 : 0 },
      ]
      .compactMap { Self.estimator.estimate(log.rows(target: $0)) }
      let found = RouterSelection(targets, seed: 1)
      return (found.probabilities[found.best], found.best == 0)
    }
    let said = outcomes.reduce(0) { $0 + $1.0 } / 300
    let right = Double(outcomes.count(where: \.1)) / 300
    #expect(abs(said - right) < 0.08, "\(said), \(right)")
  }

  /// Three targets near each other, as estimated by weights and by a model.
  private func shrunk(modelError: Double, seed: UInt64) throws -> (
    values: [Double], weighted: [Double], modelled: [Double]
  ) {
    let log = PlantedLog(rows: 1_000, modelError: 0.02, seed: seed)
    let targets = (0..<3).map { own in log.rows { _, llm in llm == own ? 1 : 0 } }
    let weighted = targets.compactMap { Self.estimator.estimate($0) }
    // A model that is wrong of single LLMs by as much as it is told.
    let modelled = try zip(targets, [1.0, -1.0, 0.0]).map { rows, sign in
      let wrong = TargetRows(
        weights: rows.weights, responses: rows.responses, predictions: rows.predictions,
        expected: rows.expected.map { $0 + sign * modelError }, clusters: rows.clusters)
      return try #require(OffPolicyEstimator("dm").estimate(wrong))
    }
    return (
      ModelShrinkage.shrunk(weighted, toward: modelled).map(\.value), weighted.map(\.value),
      modelled.map(\.value)
    )
  }

  @Test func aModelIsBelievedUntilTheLogContradictsIt() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let right = try shrunk(modelError: 0, seed: seed)
      let wrong = try shrunk(modelError: 0.3, seed: seed)
      for llm in 0..<3 {
        let least = abs(right.weighted[llm] - right.modelled[llm])
        #expect(abs(right.values[llm] - right.modelled[llm]) <= least + 1e-12)
        #expect(abs(wrong.values[llm] - wrong.weighted[llm]) < 0.05, "\(wrong)")
      }
    }
    let moved = try (1...5).map { seed -> Double in
      let right = try shrunk(modelError: 0, seed: UInt64(seed))
      return zip(right.values, right.modelled).reduce(0) { $0 + abs($1.0 - $1.1) }
        / zip(right.weighted, right.modelled).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    #expect(moved.reduce(0, +) / 5 < 0.6, "\(moved)")
  }
}
