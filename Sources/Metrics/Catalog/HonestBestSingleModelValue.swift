extension Metric {
  /// μ over the mean, on the measured queries, of the candidate that was best on train: a divisor one can know
  /// beforehand; not defined where that is 0 or there is no such candidate.
  public static let honestBestSingleModelValue = Metric(
    "vb_train", symbol: "V_B train-chosen", family: .quality,
    meaning:
      "The same against the LLM that was best on the train queries: what a user without a router could "
      + "have chosen.",
    columns: { routed, pool in pool.trainBest == nil ? nil : [routed.rewards] },
    relativeValue: { means, context in context.trainBest.flatMap { ratio(means[0], $0) } }
  ).bounded { routed, pool in
    guard let best = pool.trainBest, let mean = pool.trainBestMean, !routed.isAlways(best, of: pool) else {
      return nil
    }
    return BoundedMean(routed.gains(over: best, of: pool), in: -1...1, scope: .fewDeviations) {
      max(0, 1 + $0 / mean)
    }
  }
}
