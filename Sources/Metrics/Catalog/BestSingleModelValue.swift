extension Metric {
  /// V_B: μ over the mean of the best single candidate on the measured queries; not defined where that is 0.
  ///
  /// Source: RouterEval (arXiv 2503.10657), §4.
  public static let bestSingleModelValue = Metric(
    "vb", symbol: "V_B", family: .quality,
    meaning: "μ divided by the mean response of the pool's best single LLM, the best on the measured queries "
      + "themselves. Above 1 the router beats every single LLM of its pool.",
    columns: { routed, _ in [routed.rewards] },
    relativeValue: { means, context in ratio(means[0], context.bestSingle) }
  ).bounded { routed, pool in
    let (best, isBest) = (pool.bestSingleMean, routed.isAlways(pool.testBest, of: pool))
    // Always the best single LLM: 1 as long as it is the best, which the next best of other queries might be.
    guard let rival = isBest ? pool.secondBest : pool.testBest else { return nil }
    let gains = routed.gains(over: rival, of: pool)
    return BoundedMean(gains, in: -1...1, scope: .fewDeviations) {
      max(0, min(1 + $0 / best, isBest ? 1 : .infinity))
    }
  }
}
