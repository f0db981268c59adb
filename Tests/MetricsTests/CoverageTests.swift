import Baselines
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Metrics

/// How often intervals of "95%" hold the truth, with few queries in a sub-scenario.
@Suite struct CoverageTests {
  /// A sample of 60 queries (100 of 20 a stratum) in strata of one size.
  ///
  /// LLM a is right at rates .55 and .8 by turns, b with .8 where a is and with .5 elsewhere.
  static func sample(_ size: Int, trial: Int) throws -> TableBenchmark {
    var generator = SeededGenerator(seed: 77, stream: "coverage/\(size)", trial)
    let count = size == 20 ? 100 : 60
    let rows = (0..<count).map { query -> [Float?] in
      let a = generator.uniform() < (query / size % 2 == 0 ? 0.55 : 0.8)
      let b = generator.uniform() < (a ? 0.8 : 0.5)
      return [a ? 1 : 0, b ? 1 : 0]
    }
    return try TableBenchmark(
      name: "trial\(trial)", rows, parts: Array(repeating: .test, count: count),
      subscenarios: (0..<count).map { $0 / size })
  }

  /// Between .93 and .97 of 500 samples, with two standard errors of 1%.
  @Test(arguments: [1, 2, 3, 5, 20])
  func intervalsCover(size: Int) throws {
    let trials = 500
    var (mu, difference, value) = (0, 0, 0)
    let first = ScriptedRouter("a") { _, llm in llm == "llm0" ? 1 : 0 }
    let second = ScriptedRouter("b") { _, llm in llm == "llm1" ? 1 : 0 }
    // Strata of the second rate are as many as those of the first, or one fewer.
    for trial in 0..<trials {
      let table = try Self.sample(size, trial: trial)
      let strata = Double(table.benchmark.queries.count / size)
      let lower = (strata / 2).rounded(.up) / strata
      let truth = lower * 0.55 + (1 - lower) * 0.8
      let gap = truth - (truth * 0.8 + (1 - truth) * 0.5)
      let (pool, routed) = try table.route([first, second])
      let replicates = Bootstrap(resamples: 600).replicates(of: routed, pool: pool)
      let values = routed.map { RoutingMetrics($0, pool: pool) }
      func holds(_ estimate: Estimate?, _ truth: Double) -> Bool {
        guard let low = estimate?.low, let high = estimate?.high else { return false }
        return low <= truth && truth <= high
      }
      let own = try #require(replicates.routers[0][.mu])
      if holds(
        replicates.estimate(values[0].mu, own, Metric.mu.fewDeviations?(routed[0], pool)), truth)
      {
        mu += 1
      }
      let paired = replicates.difference(0, minus: 1, of: routed, values, pool: pool)
      if holds(paired.mu, gap) { difference += 1 }
      let ratios = try #require(replicates.routers[0][.bestSingleModelValue])
      let few = Metric.bestSingleModelValue.fewDeviations?(routed[0], pool)
      let ratio = replicates.estimate(values[0][.bestSingleModelValue] ?? .nan, ratios, few)
      if holds(ratio, truth / (truth - min(gap, 0))) { value += 1 }
    }
    let shares = [mu, difference, value].map { Double($0) / Double(trials) }
    print("coverage at \(size) a stratum: μ \(shares[0]), Δμ \(shares[1]), V_B \(shares[2])")
    #expect(shares[0] >= 0.91 && shares[0] <= 0.985, "μ \(shares[0])")
    #expect(shares[1] >= 0.91 && shares[1] <= 0.985, "Δμ \(shares[1])")
    #expect(shares[2] >= 0.91, "V_B \(shares[2])")
  }

  @Test func nearlyAllAlike() throws {
    // scipy 1.11: binomtest(20, 20).proportion_ci(method="exact") = (0.8316, 1); (19, 20): (0.7513, 0.9987)
    let all = try #require(FewDeviations(Array(repeating: 1, count: 20), in: 0...1).interval(level: 0.95))
    #expect(abs(all.low - 0.8316) < 1e-3 && all.high == 1)
    let one = try #require(
      FewDeviations([0] + Array(repeating: 1, count: 19), in: 0...1).interval(level: 0.95))
    #expect(abs(one.low - 0.7513) < 1e-3 && abs(one.high - 0.9987) < 1e-3)
    // Seven of 26 that deviate can be resampled.
    #expect(
      FewDeviations((0..<26).map { $0 < 7 ? 0 : 1 }, in: 0...1).interval(level: 0.95) == nil)
    // Three of 26 differ: 0 is possible.
    let few = try #require(
      FewDeviations((0..<26).map { $0 < 3 ? 1 : 0 }, in: -1...1).interval(level: 0.95))
    #expect(few.low < 0 && few.high > 3.0 / 26)
  }

  @Test func pValuesKnowHowFewTheyAre() {
    let three = (0..<26).map { $0 < 3 ? 1.0 : 0 }
    #expect(abs(SignFlipTest.pValue(of: three) - 0.25) < 1e-12)
    #expect(SignFlipTest.pValue(of: [0, 0]) == 1)
    #expect(SignFlipTest.pValue(of: [1, -1]) == 1)
    // 1 + 2 + 4 with signs: 7 and −7 of eight combinations.
    #expect(SignFlipTest.pValue(of: [1, 2, 4]) == 0.25)
    #expect(SignFlipTest.pValue(of: [1, 2, -4]) == 1)
    // R 4.3: binom.test(15, 20)$p.value = 0.04138947
    #expect(abs(SignFlipTest.pValue(of: (0..<20).map { $0 < 15 ? 0.5 : -0.5 }) - 0.04138947) < 1e-6)
    // Sizes that differ by little give nearly the sign test's normal approximation: z = 2.236.
    let near = (0..<20).map { ($0 < 15 ? 1 : -1) * (1 + 1e-6 * Double($0)) }
    #expect(abs(SignFlipTest.pValue(of: near) - 0.0253) < 1e-3)
  }

  @Test func studentsLevels() {
    // R 4.3: qt(.975, c(1, 5, 30)) = 12.7062, 2.5706, 2.0423; 2 * pnorm(qt(.975, 30)) - 1 = .95888
    #expect(abs(StudentLevel.central(12.7062, freedom: 1) - 0.95) < 1e-5)
    #expect(abs(StudentLevel.central(2.5706, freedom: 5) - 0.95) < 1e-4)
    #expect(abs(StudentLevel.central(2.0423, freedom: 30) - 0.95) < 1e-4)
    #expect(abs(StudentLevel.expanded(0.95, freedom: 30) - 0.95888) < 1e-3)
    #expect(StudentLevel.expanded(0.95, freedom: 0) == 0.95)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func anIntervalHoldsItsEstimate(seed: UInt64) throws {
    for count in [12, 30, 80] {
      let table = try TableBenchmark.random(
        queryCount: count, llmCount: 4, binary: seed % 2 == 0, seed: seed)
      let cell = try table.cell(table.baselines, resamples: 50)
      for router in cell.routers {
        for metric in MetricCatalog.all {
          guard let estimate = router[metric], let low = estimate.low, let high = estimate.high else {
            continue
          }
          #expect(low <= estimate.value && estimate.value <= high, "\(metric.key) of \(router.name)")
        }
      }
    }
  }
}
