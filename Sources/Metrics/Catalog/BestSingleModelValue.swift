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
    // Always the best single LLM: 1 by identity, as long as it is the best.
    guard !routed.isAlways(pool.testBest) else { return nil }
    let best = pool.bestSingleMean
    return FewDeviations(routed.gains(over: pool.testBest, of: pool), in: -1...1) { max(0, 1 + $0 / best) }
  }
}
