/// A router's metrics on each resample of the measured queries.
public struct RouterReplicates: Equatable, Sendable {
  /// The values by the metric's key, one for each resample.
  private var values: [String: [Double]]

  package init(_ values: [String: [Double]]) { self.values = values }

  /// The values of a metric, NaN where a resample does not define it; nil for one that has no replicates.
  public subscript(metric: Metric) -> [Double]? { values[metric.key] }

  package mutating func append(_ more: RouterReplicates) {
    values.merge(more.values) { $0 + $1 }
  }
}

/// What some routers, and the single LLMs they compete with, score on each resample of the measured queries.
///
/// All of them are measured on the same resamples, so that differences between them are paired.
public struct BootstrapReplicates: Equatable, Sendable {
  /// The mean response of the single LLM that is best on the resample.
  public internal(set) var bestSingle: [Double]
  /// The mean response of the LLM that is best on the measured queries as they are.
  public internal(set) var testBest: [Double]
  /// The mean response of the LLM that was best on train; nil where there is none.
  public internal(set) var trainBest: [Double]?
  /// The mean of the best responses of any candidate.
  public internal(set) var oracle: [Double]
  /// Each router, in the order in which they were given.
  public internal(set) var routers: [RouterReplicates]
  /// The share of the resamples that an interval holds, such as 0.95.
  public internal(set) var level = 0.95
  /// The share that percentiles hold, more than `level` where there are few queries.
  private var percentileLevel = 0.95
  /// The measured queries of each stratum.
  private var strata: [[Int]] = []

  package init(
    bestSingle: [Double], testBest: [Double], trainBest: [Double]?, oracle: [Double],
    routers: [RouterReplicates]
  ) {
    self.bestSingle = bestSingle
    self.testBest = testBest
    self.trainBest = trainBest
    self.oracle = oracle
    self.routers = routers
  }

  /// The replicates of consecutive blocks of resamples, at least one.
  ///
  /// `strata` hold the measured queries of each stratum.
  package init(joining blocks: [BootstrapReplicates], level: Double, strata: [[Int]]) {
    self = blocks[0]
    self.level = level
    self.strata = strata
    let freedom = strata.reduce(0) { $0 + $1.count - 1 }
    percentileLevel = StudentLevel.expanded(level, freedom: freedom)
    for block in blocks.dropFirst() {
      bestSingle += block.bestSingle
      testBest += block.testBest
      trainBest?.append(contentsOf: block.trainBest ?? [])
      oracle += block.oracle
      for index in routers.indices { routers[index].append(block.routers[index]) }
    }
  }

  /// These routers and then those of other replicates, which are of the same resamples of the same pool.
  package func appending(routersOf others: BootstrapReplicates) -> BootstrapReplicates {
    var joined = self
    joined.routers += others.routers
    return joined
  }

  /// The interval of a metric, or nil where more resamples leave it undefined (NaN) than an interval may miss.
  public func interval(_ values: [Double]) -> Interval? {
    let defined = values.filter { !$0.isNaN }
    let missing = 1 - Double(defined.count) / Double(values.count)
    guard !defined.isEmpty, missing <= 1 - level else { return nil }
    return Interval(percentilesOf: defined, level: percentileLevel)
  }

  /// A value with its interval, which holds it.
  ///
  /// It is the one that the mean of bounded numbers has, where that is the metric; else the resamples', widened to what
  /// such a mean allows where few queries deviate.
  public func estimate(_ value: Double, _ values: [Double], _ mean: BoundedMean? = nil) -> Estimate {
    guard var interval = interval(values) else { return Estimate(value, nil) }
    if let mean {
      switch mean.scope {
      case .whole: interval = mean.interval(level: level, strata: strata)
      case .fewDeviations where mean.hasFewDeviations:
        let allowed = mean.interval(level: level, strata: strata)
        interval = Interval(low: min(interval.low, allowed.low), high: max(interval.high, allowed.high))
      case .fewDeviations: break
      }
    }
    return Estimate(value, Interval(low: min(value, interval.low), high: max(value, interval.high)))
  }

  /// A router's metric with its interval, or without one where it has no replicates.
  ///
  /// `index` is the router's place among those of the replicates. The best single LLM of a resample flatters itself on top of
  /// the flattery of the measured queries, which moves V_B down twice; so its upper end is that against the one LLM that was
  /// best on the measured queries. A router that is always one LLM is not above it by identity.
  public func estimate(
    _ metric: Metric, _ value: Double, of index: Int, _ routed: RoutedQueries, pool: PoolResponses
  ) -> Estimate {
    guard let own = routers[index][metric] else { return Estimate(value, nil) }
    let result = estimate(value, own, metric.boundedMean?(routed, pool))
    guard metric.key == Metric.bestSingleModelValue.key, !routed.isAlwaysOne(of: pool), let low = result.low,
      let high = result.high, let mu = routers[index][.mu], let fixed = interval(Self.ratios(mu, testBest))
    else { return result }
    return Estimate(value, Interval(low: low, high: max(high, fixed.high)))
  }

  /// The quotients of two statistics, resample by resample; NaN where the divisor is 0.
  package static func ratios(_ dividends: [Double], _ divisors: [Double]) -> [Double] {
    zip(dividends, divisors).map { Metric.ratio($0, $1) ?? .nan }
  }

  /// The V_B that a fixed LLM as good as the best single one gets; nil where no resample defines it.
  ///
  /// With b* the candidate with the best test mean, it is the mean over the resamples of
  /// mean(b*) / max over j of mean(j), at most 1. V_B divides by a maximum over the test queries, and
  /// choosing the maximum on the queries one measures on flatters the divisor: a V_B below 1 but
  /// above this null value is no evidence of a router worse than the best single LLM. An
  /// approximation: the observed means spread more than the true ones, and b* is itself the maximum of
  /// the sample that is resampled, so the value tends to be too near to 1. Resamples on which every
  /// candidate has mean 0 are left out.
  public var nullBestSingleModelValue: Estimate? {
    let ratios = Self.ratios(testBest, bestSingle)
    let defined = ratios.filter { !$0.isNaN }
    guard !defined.isEmpty else { return nil }
    return estimate(defined.reduce(0, +) / Double(defined.count), ratios)
  }

  /// The paired difference of two routers, first minus second, in μ and in V_B.
  ///
  /// `routed` and `values` are all routers of the replicates on the queries as they are.
  public func difference(
    _ first: Int, minus second: Int, of routed: [RoutedQueries], _ values: [RoutingMetrics],
    pool: PoolResponses
  ) -> PairedDifference {
    var value: Double?
    if let high = values[first][.bestSingleModelValue], let low = values[second][.bestSingleModelValue] {
      value = high - low
    }
    let terms = zip(routed[first].rewards, routed[second].rewards).map { $0 - $1 }
    return difference(
      values[first].mu - values[second].mu, value, first, minus: routers[second][.mu] ?? [],
      terms: terms, isIdentity: routed[first].picks == routed[second].picks, pool)
  }

  /// The paired difference of a router and the LLM that was best on train; nil where there is none.
  public func differenceToTrainBest(
    _ router: Int, _ routed: RoutedQueries, _ values: RoutingMetrics, pool: PoolResponses
  ) -> PairedDifference? {
    guard let best = pool.trainBest, let mean = pool.trainBestMean, let trainBest else { return nil }
    let mu = values.mu - mean
    return difference(
      mu, Metric.ratio(mu, pool.bestSingleMean), router, minus: trainBest,
      terms: routed.gains(over: best, of: pool), isIdentity: routed.isAlways(best, of: pool), pool)
  }

  private func difference(
    _ mu: Double, _ bestSingleModelValue: Double?, _ router: Int, minus other: [Double], terms: [Double],
    isIdentity: Bool, _ pool: PoolResponses
  ) -> PairedDifference {
    let differences = zip(routers[router][.mu] ?? [], other).map { $0 - $1 }
    // Who picks alike can't differ, on other queries either.
    func mean(_ scope: BoundedMean.Scope, over scale: Double) -> BoundedMean? {
      isIdentity ? nil : BoundedMean(terms, in: -1...1, scope: scope) { $0 / scale }
    }
    return PairedDifference(
      mu: estimate(mu, differences, mean(.whole, over: 1)),
      bestSingleModelValue: bestSingleModelValue.map {
        estimate($0, Self.ratios(differences, bestSingle), mean(.fewDeviations, over: pool.bestSingleMean))
      },
      pValue: max(PairedDifference.pValue(of: differences), SignFlipTest.pValue(of: terms)))
  }
}
