import Baselines
import Evaluation
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Metrics

@Suite(.serialized) struct BootstrapTests {
  func baselines(_ table: TableBenchmark) -> [any Router] {
    table.baselines + [
      ScriptedRouter("hash") { query, llm in Float((query * 7 + (llm.utf8.last.map(Int.init) ?? 0) * 5) % 11)
      }
    ]
  }

  @Test(arguments: [true, false])
  func agreesWithTheReference(binary: Bool) throws {
    let table = try TableBenchmark.random(queryCount: 130, llmCount: 5, binary: binary, seed: 4)
    let (pool, routed) = try table.route(baselines(table))
    // 300 resamples are one whole block and a shorter one.
    let replicates = Bootstrap(resamples: 300, seed: 9).replicates(of: routed, pool: pool)
    for resample in 0..<300 {
      let drawn = ReferenceBootstrap.draw(pool, seed: 9, resample: resample)
      for (index, router) in routed.enumerated() {
        let expected = ReferenceBootstrap.statistics(router, pool: pool, drawn: drawn)
        func replicate(_ metric: Metric) -> Double { replicates.routers[index][metric]?[resample] ?? .nan }
        #expect(abs(replicate(.mu) - expected.mu) < 1e-6)
        #expect(
          abs(replicate(.classificationBias) - expected.classificationBias) < 1e-6)
        #expect(abs(replicate(.pickEntropy) - expected.pickEntropy) < 1e-6)
        #expect(abs(replicates.bestSingle[resample] - expected.bestSingle) < 1e-6)
        #expect(abs(replicates.testBest[resample] - expected.single[pool.testBest]) < 1e-6)
        #expect(abs(replicates.oracle[resample] - expected.mu - expected.regret) < 1e-6)
        #expect(
          abs(
            replicate(.regret) - expected.regret) < 1e-6)
        let closed = replicate(.gapClosed)
        #expect(closed.isNaN == (expected.gapClosed == nil))
        if let value = expected.gapClosed { #expect(abs(closed - value) < 1e-5) }
      }
      // The router that always picks the train-chosen LLM is that LLM.
      #expect(replicates.trainBest?[resample] == replicates.routers[2][.mu]?[resample])
    }
  }

  @Test func sharedDrawsGiveTheSameBits() throws {
    let table = try TableBenchmark.random(queryCount: 130, llmCount: 5, seed: 4)
    let (pool, routed) = try table.route(baselines(table))
    let (other, _) = try table.route([], llms: [3, 1])
    let bootstrap = Bootstrap(resamples: 300, seed: 9)
    let fresh = bootstrap.replicates(of: routed, pool: pool)
    for bytes in [0, 1 << 20] {
      let draws = BootstrapDraws(bootstrap, for: other, keepingUpTo: bytes)
      #expect(draws.serve(bootstrap, for: pool))
      #expect(bootstrap.replicates(of: routed, pool: pool, draws: draws) == fresh)
    }
    // Draws of another bootstrap, or for other queries, are not used.
    let wrong = BootstrapDraws(Bootstrap(resamples: 300, seed: 8), for: pool)
    #expect(bootstrap.replicates(of: routed, pool: pool, draws: wrong) == fresh)
    let shorter = try TableBenchmark.random(queryCount: 120, llmCount: 5, seed: 4)
    #expect(!BootstrapDraws(bootstrap, for: try shorter.route([]).0).serve(bootstrap, for: pool))
  }

  @Test func drawsOneLessFromEachSubscenarioAndCountsItMore() {
    let labels = [2, 0, 0, 2, 2, 5, 7]
    let resampling = StratifiedResampling(strata: labels, benchmark: "b", seed: 3)
    // Sub-scenarios 5 and 7 have one query each and are one stratum.
    #expect(resampling.order == [1, 2, 0, 3, 4, 5, 6])
    #expect(resampling.strata == [0..<2, 2..<5, 5..<7])
    #expect(resampling.members == [[1, 2], [0, 3, 4], [5, 6]])
    let counts = resampling.counts(of: 10..<30)
    for row in 0..<20 {
      let values = Array(counts.row(row))
      #expect(values[0...1].sorted() == [0, 2] && values[5...6].sorted() == [0, 2])
      #expect([[0, 1.5, 1.5], [0, 0, 3]].contains(values[2...4].sorted()))
    }
    #expect(Set((0..<20).map { Array(counts.row($0)) }).count > 1)
    #expect(resampling.counts(of: 12..<13).row(0) == counts.row(2))
    // A single one joins the smallest.
    let joined = StratifiedResampling(strata: [0, 0, 0, 1, 1, 4], benchmark: "b", seed: 3)
    #expect(joined.strata == [0..<3, 3..<6])
    #expect(StratifiedResampling(strata: [3], benchmark: "b", seed: 3).counts(of: 0..<1) == Matrix([[1]]))
  }

  @Test func percentilesInterpolateTheMidDistribution() {
    // numpy.percentile([1, 2, 4, 8, 16], [20, 80], method="hazen") = [1.5, 12]
    let interval = Interval(percentilesOf: [16, 1, 8, 2, 4], level: 0.6)
    #expect(abs(interval.low - 1.5) < 1e-12 && abs(interval.high - 12) < 1e-12)
    #expect(Interval(percentilesOf: [3], level: 0.95) == Interval(low: 3, high: 3))
    // Half of those equal to 0 are below it, .3, and half of those equal to 1, .8.
    let tied = Interval(percentilesOf: [1, 0, 1, 0, 0, 1, 0, 1, 0, 0], level: 0.2)
    #expect(abs(tied.low - 0.2) < 1e-12 && abs(tied.high - 0.6) < 1e-12)
  }

  /// The mid-distribution function as it reads, inverted by its definition.
  @Test func midQuantilesInvertTheMidDistribution() {
    var generator = SeededGenerator(seed: 6, stream: "mid-quantiles")
    for trial in 0..<60 {
      let count = 1 + trial * 17
      let values = (0..<count).map { _ in Double(generator.below(trial % 3 == 0 ? 1 << 20 : 2 + trial)) }
      let points = Set(values).sorted()
      let shares = points.map { point in
        (Double(values.count { $0 < point }) + Double(values.count { $0 == point }) / 2) / Double(count)
      }
      for share in [0.001, 0.025, 0.4, 0.5, 0.975, 0.9999] {
        var expected = share <= shares[0] ? points[0] : points[points.count - 1]
        for place in points.indices.dropFirst() where shares[place - 1] < share && share <= shares[place] {
          let along = (share - shares[place - 1]) / (shares[place] - shares[place - 1])
          expected = points[place - 1] + along * (points[place] - points[place - 1])
        }
        var rearranged = values
        let found = MidQuantile.of(&rearranged, share: share)
        #expect(abs(found - expected) <= 1e-9 * max(1, abs(expected)), "\(count) numbers, \(share)")
        #expect(rearranged.sorted() == values.sorted())
      }
    }
  }

  @Test func selectionAgreesWithSorting() {
    var generator = SeededGenerator(seed: 5, stream: "selection")
    for trial in 0..<60 {
      // Few distinct values, many, ascending and descending.
      let count = 1 + trial * 37
      var values = (0..<count).map { _ in Double(generator.below(trial % 2 == 0 ? 7 : 1 << 20)) }
      if trial % 5 == 3 { values.sort() }
      if trial % 5 == 4 { values.sort(by: >) }
      let sorted = values.sorted()
      for place in [0, count / 40, count / 2, count - 1] {
        var selected = values
        OrderStatistics.select(place, in: 0..<count, of: &selected)
        #expect(selected[place] == sorted[place])
        #expect(selected[..<place].allSatisfy { $0 <= sorted[place] })
        #expect(selected[place...].allSatisfy { $0 >= sorted[place] })
        #expect(selected.sorted() == sorted)
      }
    }
  }

  @Test func oneTestQuerySaysNextToNothing() throws {
    let table = try TableBenchmark([[1, 0, 1], [0, 1, 0]], parts: [.train, .test])
    let (pool, routed) = try table.route(baselines(table))
    let cell = CellResult(pool, source: .constructed, routed: routed, bootstrap: Bootstrap(resamples: 50))
    for router in cell.routers {
      let mu = router.mu
      #expect(try #require(mu.high) - (try #require(mu.low)) >= 0.95)
      #expect(try #require(mu.low) <= mu.value && mu.value <= (try #require(mu.high)))
      // What the router does is known.
      #expect(router[.pickEntropy]?.low == router[.pickEntropy]?.high)
      #expect(router.pValue == 1)
    }
    #expect(cell.routers[0][.bestSingleModelValue]?.value == 1)
  }

  @Test func identicalAnswersAreNoIdentity() throws {
    let rows: [[Float?]] = (0..<40).map { $0 % 3 == 0 ? [1, 1, 1] : [0, 0, 0] }
    let table = try TableBenchmark(rows, parts: (0..<40).map { $0 < 20 ? .train : .test })
    let (pool, routed) = try table.route(baselines(table))
    let cell = CellResult(pool, source: .constructed, routed: routed, bootstrap: Bootstrap(resamples: 200))
    for router in cell.routers {
      #expect(router.mu == cell.routers[0].mu)
      #expect(router[.bestSingleModelValue]?.value == 1 && router.differenceToBestSingle?.mu.value == 0)
    }
    // The best single router is the LLM that it is compared with; the others might differ on other queries, at a
    // rate of up to 1 − 0.025^(1/20) = 0.168.
    let zero = Estimate(0, Interval(low: 0, high: 0))
    #expect(cell.routers[2].differenceToBestSingle?.mu == zero)
    let difference = try #require(cell.routers[0].differenceToBestSingle?.mu)
    #expect(abs((difference.low ?? 0) + 0.1684) < 1e-3 && abs((difference.high ?? 0) - 0.1684) < 1e-3)
  }

  @Test func anAllWrongPoolHasNoRatios() throws {
    let table = try TableBenchmark([[1, 1], [0, 0], [0, 0]], parts: [.train, .test, .test])
    let (pool, routed) = try table.route(baselines(table))
    let cell = CellResult(pool, source: .constructed, routed: routed, bootstrap: Bootstrap(resamples: 20))
    for router in cell.routers {
      // None of two: up to 1 − 0.025^(1/2).
      #expect(router.mu.value == 0 && router.mu.low == 0 && abs((router.mu.high ?? 0) - 0.8419) < 1e-3)
      #expect(router[.bestSingleModelValue] == nil && router[.honestBestSingleModelValue] == nil)
      #expect(router.differenceToBestSingle?.bestSingleModelValue == nil)
    }
  }

  @Test func aRatioThatManyResamplesLeaveUndefinedHasNoInterval() throws {
    // One right answer among 4 test queries: (3/4)³ = 42% of the resamples miss it.
    let table = try TableBenchmark(
      [[1, 1], [1, 0], [0, 0], [0, 0], [0, 0]], parts: [.train, .test, .test, .test, .test])
    let (pool, routed) = try table.route(baselines(table))
    let cell = CellResult(pool, source: .constructed, routed: routed, bootstrap: Bootstrap(resamples: 1000))
    #expect(cell.routers[0][.bestSingleModelValue] == Estimate(1, nil))
    // scipy 1.11: binomtest(1, 4).proportion_ci(method="exact") = (0.0063, 0.8059)
    // Resamples of so few queries reach further.
    #expect((cell.routers[0].mu.high ?? 0) >= 0.8049 && (cell.routers[0].mu.high ?? 2) <= 1)
  }

  @Test func differencesArePaired() throws {
    let table = try TableBenchmark.random(queryCount: 200, llmCount: 4, seed: 8)
    let (pool, routed) = try table.route(baselines(table))
    let values = routed.map { RoutingMetrics($0, pool: pool) }
    let replicates = Bootstrap(resamples: 2000).replicates(of: routed, pool: pool)
    let itself = replicates.difference(1, minus: 1, of: routed, values, pool: pool)
    #expect(itself.mu == Estimate(0, Interval(low: 0, high: 0)))
    let gain = replicates.difference(0, minus: 2, of: routed, values, pool: pool)
    #expect(gain.mu.value == values[0].mu - values[2].mu)
    // The oracle is never worse than a single LLM, on no resample.
    #expect(gain.mu.low.map { $0 > 0 } == true)
    #expect(replicates.differenceToTrainBest(0, routed[0], values[0], pool: pool)?.mu == gain.mu)
    // Paired intervals are narrower than the two separate ones together.
    let (first, second) = try (#require(replicates.routers[0][.mu]), #require(replicates.routers[2][.mu]))
    let separate = zip(first, second.reversed()).map { $0 - $1 }
    let loose = try #require(replicates.interval(separate))
    let paired = try #require(replicates.interval(zip(first, second).map { $0 - $1 }))
    #expect(paired.high - paired.low < loose.high - loose.low)
  }

  @Test func theSameBitsOnOneAndTwoThreads() throws {
    let before = Threads.count
    defer { Threads.count = before }
    let table = try TableBenchmark.random(queryCount: 300, llmCount: 7, binary: false, seed: 5)
    let (pool, routed) = try table.route(baselines(table))
    Threads.count = 1
    let one = Bootstrap(resamples: 1000).replicates(of: routed, pool: pool)
    Threads.count = 2
    let two = Bootstrap(resamples: 1000).replicates(of: routed, pool: pool)
    #expect(one == two)
    #expect(one != Bootstrap(resamples: 1000, seed: 1).replicates(of: routed, pool: pool))
  }
}
