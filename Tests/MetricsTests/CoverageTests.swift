import Foundation
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Metrics

/// How often intervals of "95%" hold the truth; `docs/intervals.md` shows it for 8,000 tables a cell.
@Suite struct CoverageTests {
  /// Tables of two LLMs: strata whose mean response to LLM a takes turns between two rates.
  struct Kind: Sendable, CustomTestStringConvertible {
    let queries: Int
    let rates: [Double]
    /// Whether answers are right or wrong; else a grade is u^k with the wanted mean, u uniform in (0, 1).
    var isBinary = true
    /// The probabilities that LLM b is right where a is and where it is not; on grades, the share of a's mean that b has.
    var follows = (right: 0.8, wrong: 0.5)

    var testDescription: String {
      let means: [String] = rates.map { "\($0)" }
      return
        "\(queries) queries, \(isBinary ? "right or wrong" : "grades"), means \(means.joined(separator: ", "))"
    }

    static let all = [
      Kind(queries: 26, rates: [0.5]), Kind(queries: 60, rates: [0.55, 0.8]),
      Kind(queries: 100, rates: [0.3, 0.7]), Kind(queries: 1000, rates: [0.55, 0.8]),
      Kind(queries: 100, rates: [0.95], follows: (0.96, 0.7)),
      Kind(queries: 300, rates: [0.9, 0.98], follows: (0.96, 0.7)),
      Kind(queries: 26, rates: [0.5], isBinary: false),
      Kind(queries: 60, rates: [0.3, 0.7], isBinary: false),
      Kind(queries: 100, rates: [0.95], isBinary: false), Kind(queries: 26, rates: [0.95], isBinary: false),
    ]

    /// The mean responses of both LLMs to a query.
    func means(_ query: Int, size: Int) -> [Double] {
      let rate = rates[query / size % rates.count]
      return [rate, isBinary ? rate * follows.right + (1 - rate) * follows.wrong : rate * 0.97]
    }

    /// The responses of both LLMs to a query.
    func responses(_ means: [Double], _ generator: inout SeededGenerator) -> [Float?] {
      if isBinary {
        let a = Double(generator.uniform()) < means[0]
        let b = Double(generator.uniform()) < (a ? follows.right : follows.wrong)
        return [a ? 1 : 0, b ? 1 : 0]
      }
      // They agree on what is hard for every second query, on average.
      let first = Double(generator.uniform())
      let second = generator.below(2) == 0 ? first : Double(generator.uniform())
      return zip(means, [first, second]).map { Float(pow($1, (1 - $0) / $0)) }
    }
  }

  /// How many tables hold the truth: μ, Δμ and V_B of a router that picks either LLM as often, and V_B of always LLM a.
  static func coverage(_ kind: Kind, size: Int, trials: Int) throws -> [Double] {
    let count = kind.queries
    let means = (0..<count).map { kind.means($0, size: size) }
    let (a, b) = (
      means.map { $0[0] }.reduce(0, +) / Double(count), means.map { $0[1] }.reduce(0, +) / Double(count)
    )
    let own = (a + b) / 2
    let truths = [own, own - b, own / max(a, b), a / max(a, b)]
    let bootstrap = Bootstrap(resamples: 500)
    var draws: BootstrapDraws?
    var held = [0, 0, 0, 0]
    for trial in 0..<trials {
      var generator = SeededGenerator(seed: 77, stream: "coverage/\(size)", trial)
      let table = try TableBenchmark(
        means.map { kind.responses($0, &generator) }, parts: Array(repeating: .test, count: count),
        subscenarios: (0..<count).map { $0 / size })
      let pool = try PoolResponses(
        table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allWeak, llms: [0, 1]))
      // Which LLM gets a query by what the query is, not by the answers.
      let routed = [(0..<count).map { _ in generator.below(2) }, [1], [0]].map { (chosen: [Int]) in
        var picks = Matrix(rows: count, columns: 2)
        for query in 0..<count { picks[query, chosen[query % chosen.count]] = 1 }
        return RoutedQueries(
          router: "r", policy: HighestScore(), picks: picks, probabilities: picks, responses: pool.values)
      }
      draws = draws ?? BootstrapDraws(bootstrap, for: pool)
      let replicates = bootstrap.replicates(of: routed, pool: pool, draws: draws)
      let values = routed.map { RoutingMetrics($0, pool: pool) }
      func estimate(_ metric: Metric, _ router: Int) -> Estimate? {
        values[router][metric].map {
          replicates.estimate(metric, $0, of: router, routed[router], pool: pool)
        }
      }
      let estimates = [
        estimate(.mu, 0), replicates.difference(0, minus: 1, of: routed, values, pool: pool).mu,
        estimate(.bestSingleModelValue, 0), estimate(.bestSingleModelValue, 2),
      ]
      for (place, (estimate, truth)) in zip(estimates, truths).enumerated() {
        guard let low = estimate?.low, let high = estimate?.high else { continue }
        held[place] += low <= truth + 1e-9 && truth <= high + 1e-9 ? 1 : 0
      }
    }
    return held.map { Double($0) / Double(trials) }
  }

  /// The number of tables a cell: ROUTEREC_COVERAGE_TRIALS, else few enough for a test.
  static func trials(_ kind: Kind) -> Int {
    ProcessInfo.processInfo.environment["ROUTEREC_COVERAGE_TRIALS"].flatMap(Int.init)
      ?? (kind.queries > 100 ? 120 : 400)
  }

  /// Between .93 and .97, give or take two standard errors of so many tables.
  @Test(arguments: Kind.all, [1, 2, 3, 5, 20])
  func intervalsCover(_ kind: Kind, size: Int) throws {
    let trials = Self.trials(kind)
    let shares = try Self.coverage(kind, size: size, trials: trials)
    let text = shares.map { String(format: "%.3f", $0) }.joined(separator: " | ")
    if trials >= 4000 { print("| \(kind.testDescription) | \(size) | \(text) |") }
    let slack = 2 * (0.95 * 0.05 / Double(trials)).squareRoot()
    // Queries that are alone in their sub-scenarios can't tell how much of their spread lies between these.
    let most = size == 1 && kind.rates.count > 1 ? 1 : 0.97 + slack
    // 26 grades of a mean near the end are as skew as it gets: there intervals hold a little less.
    let least = (!kind.isBinary && kind.queries == 26 && kind.rates == [0.95] ? 0.91 : 0.93) - slack
    for share in shares.prefix(2) { #expect(share >= least && share <= most, "\(text)") }
    // Where few queries deviate, an interval that knows it holds more; and V_B of one LLM can't be above 1, so that only
    // one end can miss.
    let isFew = kind.isBinary && (kind.queries == 26 || kind.rates == [0.95])
    #expect(shares[2] >= least && (isFew || shares[2] <= most), "\(text)")
    #expect(shares[3] >= least, "\(text)")
  }

  @Test func nearlyAllAlike() throws {
    func interval(_ terms: [Double], in range: ClosedRange<Double>, strata: [[Int]]? = nil) -> Interval {
      BoundedMean(terms, in: range).interval(level: 0.95, strata: strata ?? [Array(terms.indices)])
    }
    // scipy 1.11: binomtest(20, 20).proportion_ci(method="exact") = (0.8316, 1)
    let all = interval(Array(repeating: 1, count: 20), in: 0...1)
    #expect(abs(all.low - 0.8316) < 1e-3 && all.high == 1)
    // Many right and wrong answers: R 4.3: prop.test(950, 1000, correct = FALSE)$conf.int = 0.93471 0.96187, with t for z.
    let many = interval((0..<1000).map { $0 < 950 ? 1 : 0 }, in: 0...1)
    #expect(abs(many.low - 0.93471) < 1e-4 && abs(many.high - 0.96187) < 1e-4)
    // The same in another range.
    let scaled = interval((0..<1000).map { $0 < 950 ? 5 : -3 }, in: -3...5)
    #expect(abs(scaled.low - (8 * many.low - 3)) < 1e-12 && abs(scaled.high - (8 * many.high - 3)) < 1e-12)
    // Three of 26 differ: 0 is possible.
    let few = interval((0..<26).map { $0 < 3 ? 1 : 0 }, in: -1...1)
    #expect(few.low < 0 && few.high > 3.0 / 26)
    // Strata that do not vary, but differ: up to 1 − 0.025^(1/4) of the way to an end.
    let strata = interval([0, 0, 0, 1, 1, 1], in: 0...1, strata: [[0, 1, 2], [3, 4, 5]])
    #expect(abs(strata.low - 0.5 * (1 - 0.6024)) < 1e-3 && abs(strata.high - (0.5 + 0.5 * 0.6024)) < 1e-3)
    #expect(BoundedMean((0..<26).map { $0 < 6 ? 0 : 1 }, in: 0...1).hasFewDeviations)
    #expect(!BoundedMean((0..<26).map { $0 < 7 ? 0 : 1 }, in: 0...1).hasFewDeviations)
    #expect(!BoundedMean([0, 0, 1, 1, 2], in: 0...2).hasFewDeviations)
  }

  /// Always the best LLM of 26 queries, two of which the other one lost: on other queries it may be the worse.
  @Test func theBestLLMMayNotBeTheBest() throws {
    let table = try TableBenchmark(
      (0..<26).map { [1, $0 < 2 ? 0 : 1] }, parts: Array(repeating: .test, count: 26))
    let (pool, routed) = try table.route([ScriptedRouter("a") { _, llm in llm == "llm0" ? 1 : 0 }])
    let replicates = Bootstrap(resamples: 200).replicates(of: routed, pool: pool)
    let estimate = replicates.estimate(.bestSingleModelValue, 1, of: 0, routed[0], pool: pool)
    #expect(estimate.high == 1 && (estimate.low ?? 1) < 1 && (estimate.low ?? 0) > 0.9)
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
    #expect(abs(StudentLevel.quantile(0.95, freedom: 5) - 2.5706) < 1e-3)
    #expect(abs(StudentLevel.quantile(0.95, freedom: 10_000) - 1.96) < 1e-3)
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
