import NumericKernels
import Testing

@testable import Metrics

/// Differences over cells against a known truth.
@Suite struct BenchmarkDifferencesTests {
  /// Cells whose gains have the mean `truth`: three on all queries, with what a query adds to all of them.
  func cells(_ count: Int, truth: Double, _ generator: inout SeededGenerator, thinned: Bool = false)
    -> [BenchmarkDifferences.Cell]
  {
    let common = (0..<count).map { _ in Double(generator.below(3)) - 1 }
    return (0..<3).map { cell in
      let queries = (0..<count).filter { !thinned || cell == 0 || $0 % 3 != cell }
      return BenchmarkDifferences.Cell(
        queries: queries, strata: queries.map { $0 % 2 },
        gains: queries.map {
          let own = Double(generator.below(3)) - 1
          return 0.4 * common[$0] + 0.4 * own + truth
        }, isIdentity: false)
    }
  }

  func difference(_ cells: [BenchmarkDifferences.Cell], seed: UInt64 = 0) -> PairedDifference {
    let bootstrap = Bootstrap(resamples: 200, seed: seed)
    return PairedDifference(
      over: [(BenchmarkDifferences(cells, benchmark: "b", bootstrap: bootstrap), Array(cells.indices))],
      bootstrap: bootstrap)
  }

  @Test(arguments: [false, true]) func intervalsOfMeansHoldTheTruthAsOftenAsTheySay(thinned: Bool) {
    var generator = SeededGenerator(seed: 3, stream: "coverage", 0)
    let trials = 300
    var held = 0
    var rejected = 0
    for trial in 0..<trials {
      let result = difference(
        cells(40, truth: 0.1, &generator, thinned: thinned), seed: UInt64(trial))
      if let low = result.mu.low, let high = result.mu.high, low <= 0.1, 0.1 <= high { held += 1 }
      if difference(cells(40, truth: 0, &generator, thinned: thinned), seed: UInt64(trial)).pValue <= 0.05 {
        rejected += 1
      }
    }
    // 95% of 300 is 285, with a standard error of 4.
    #expect(held >= 273 && held <= 297, "\(held)")
    #expect(rejected <= 27, "\(rejected)")
  }

  @Test func benchmarksCountByTheirCells() {
    var generator = SeededGenerator(seed: 4, stream: "benchmarks", 0)
    let bootstrap = Bootstrap(resamples: 100)
    let (small, large) = (
      cells(20, truth: 0.1, &generator), Array(cells(50, truth: -0.1, &generator).prefix(1))
    )
    let parts = [
      (BenchmarkDifferences(small, benchmark: "a", bootstrap: bootstrap), [0, 1, 2]),
      (BenchmarkDifferences(large, benchmark: "b", bootstrap: bootstrap), [0]),
    ]
    let result = PairedDifference(
      over: parts.map { (differences: $0.0, cells: $0.1) }, bootstrap: bootstrap)
    let values = parts.flatMap { $0.0.values }
    #expect(abs(result.mu.value - values.reduce(0, +) / 4) < 1e-12)
    guard let low = result.mu.low, let high = result.mu.high else {
      Issue.record("no interval")
      return
    }
    #expect(low < result.mu.value && result.mu.value < high)
  }

  @Test func oneQueryProvesNothing() {
    let cell = BenchmarkDifferences.Cell(queries: [7], strata: [0], gains: [1], isIdentity: false)
    let result = difference([cell])
    #expect(result.mu.value == 1 && result.pValue == 1)
    #expect((result.mu.low ?? 1) < 0)
  }
}
