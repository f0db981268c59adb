import NumericKernels
import Testing

@testable import Debiasing

@Suite struct MeanWeightTests {
  /// The mean weights of the LLMs of an ε-greedy log whose greedy picks are the first LLM's, with the true propensities or others.
  private func weights(
    llms: Int, share: Double, rows: Int, seed: UInt64, recorded: ((Double) -> Double)? = nil
  ) -> [MeanWeight] {
    var generator = SeededGenerator(seed: seed, stream: "mean-weights")
    var (sums, squares) = ([Double](repeating: 0, count: llms), [Double](repeating: 0, count: llms))
    var largest = 1.0
    for _ in 0..<rows {
      let llm = generator.uniformDouble() < share ? generator.below(llms) : 0
      let p = share / Double(llms) + (llm == 0 ? 1 - share : 0)
      let weight = 1 / (recorded?(p) ?? p)
      sums[llm] += weight
      squares[llm] += weight * weight
      largest = max(largest, weight)
    }
    return (0..<llms).map {
      MeanWeight(sum: sums[$0], squares: squares[$0], count: Double(rows), largest: largest)
    }
  }

  @Test(arguments: [(5, 0.1, 600), (40, 0.1, 600), (40, 0.2, 600), (40, 0.5, 600), (5, 0.1, 6_000)])
  func truePropensitiesRaiseNoAlarm(llms: Int, share: Double, rows: Int) {
    let alarms = (0..<100).count { seed in
      weights(llms: llms, share: share, rows: rows, seed: UInt64(seed)).contains { $0.p(of: llms) < 0.01 }
    }
    #expect(alarms <= 3, "\(alarms) of 100 logs")
  }

  @Test func propensitiesOfAnotherPolicyDo() {
    for seed: UInt64 in 0..<10 {
      let found = weights(llms: 5, share: 0.3, rows: 2_000, seed: seed) { _ in 0.2 }
      #expect(found.contains { $0.p(of: 5) < 0.01 })
    }
  }
}
