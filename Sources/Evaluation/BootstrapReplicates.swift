/// A router's metrics on each resample of the test queries.
public struct RouterReplicates: Equatable, Sendable {
  /// μ.
  public internal(set) var mu: [Double]
  /// E_p.
  public internal(set) var classificationBias: [Double]
  /// The entropy of the mean pick distribution.
  public internal(set) var pickEntropy: [Double]
}

/// What some routers, and the single LLMs they compete with, score on each resample of the test queries.
///
/// All of them are measured on the same resamples, so that differences between them are paired.
public struct BootstrapReplicates: Equatable, Sendable {
  /// The mean response of the single LLM that is best on the resample.
  public internal(set) var bestSingle: [Double]
  /// The mean response of the LLM that was best on train; nil where there is none.
  public internal(set) var trainBest: [Double]?
  /// Each router, in the order in which they were given.
  public internal(set) var routers: [RouterReplicates]
  /// The share of the resamples that an interval holds, such as 0.95.
  public internal(set) var level = 0.95

  init(bestSingle: [Double], trainBest: [Double]?, routers: [RouterReplicates]) {
    self.bestSingle = bestSingle
    self.trainBest = trainBest
    self.routers = routers
  }

  /// The replicates of consecutive blocks of resamples, at least one.
  init(joining blocks: [BootstrapReplicates], level: Double) {
    self = blocks[0]
    self.level = level
    for block in blocks.dropFirst() {
      bestSingle += block.bestSingle
      if let more = block.trainBest { trainBest?.append(contentsOf: more) }
      for index in routers.indices {
        routers[index].mu += block.routers[index].mu
        routers[index].classificationBias += block.routers[index].classificationBias
        routers[index].pickEntropy += block.routers[index].pickEntropy
      }
    }
  }

  /// The interval of a metric that every resample defines.
  public func interval(_ values: [Double]) -> Interval { Interval(percentilesOf: values, level: level) }

  /// The interval of a quotient, resample by resample.
  ///
  /// Resamples whose divisor is 0 leave it undefined and are left out; where they are more than the
  /// share an interval may miss, nothing can be said and the interval is nil.
  public func interval(_ dividends: [Double], over divisors: [Double]) -> Interval? {
    let defined = zip(dividends, divisors).compactMap { RoutingMetrics.ratio($0, $1) }
    let missing = 1 - Double(defined.count) / Double(dividends.count)
    guard !defined.isEmpty, missing <= 1 - level else { return nil }
    return Interval(percentilesOf: defined, level: level)
  }

  /// The paired difference of two routers, first minus second, in μ and in V_B.
  ///
  /// The metrics are those of the routers at these places, on the queries as they are.
  public func difference(
    _ first: Int, _ firstMetrics: RoutingMetrics, minus second: Int, _ secondMetrics: RoutingMetrics
  ) -> PairedDifference {
    var value: Double?
    if let high = firstMetrics.bestSingleModelValue, let low = secondMetrics.bestSingleModelValue {
      value = high - low
    }
    return difference(
      mu: firstMetrics.mu - secondMetrics.mu, bestSingleModelValue: value, routers[first].mu,
      minus: routers[second].mu)
  }

  /// The paired difference of a router and the LLM that was best on train; nil where there is none.
  public func differenceToTrainBest(
    _ router: Int, _ metrics: RoutingMetrics, pool: PoolResponses
  ) -> PairedDifference? {
    guard let mean = pool.trainBestMean, let trainBest else { return nil }
    let mu = metrics.mu - mean
    return difference(
      mu: mu, bestSingleModelValue: RoutingMetrics.ratio(mu, pool.bestSingleMean), routers[router].mu,
      minus: trainBest)
  }

  private func difference(
    mu: Double, bestSingleModelValue: Double?, _ first: [Double], minus second: [Double]
  ) -> PairedDifference {
    let differences = zip(first, second).map { $0 - $1 }
    return PairedDifference(
      mu: Estimate(mu, interval(differences)),
      bestSingleModelValue: bestSingleModelValue.map {
        Estimate($0, interval(differences, over: bestSingle))
      })
  }
}
