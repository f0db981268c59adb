extension Metric {
  /// (μ − μ_b) / (μ_o − μ_b), with μ_b that of the LLM that was best on train and μ_o the oracle's, at most 1.
  ///
  /// Negative for a router worse than the train-chosen LLM; not defined where there is no such LLM or no gap.
  public static let gapClosed = Metric(
    "gap_closed", symbol: "gap closed", family: .loss,
    meaning:
      "The share of the way from the LLM that was best on train to the oracle; negative for a router worse "
      + "than that LLM.",
    columns: { routed, pool in pool.trainBest == nil ? nil : [routed.rewards] },
    relativeValue: { means, context in
      context.trainBest.flatMap { OracleGap.closed(means[0], from: $0, to: context.oracle) }
    }
  ).bounded { routed, pool in
    guard let best = pool.trainBest, let mean = pool.trainBestMean, !routed.isAlways(best, of: pool) else {
      return nil
    }
    let gap = pool.oracleMean - mean
    return BoundedMean(routed.losses(of: pool), in: 0...1, scope: .fewDeviations) { 1 - $0 / gap }
  }
}

/// The way from a single LLM to the oracle.
package enum OracleGap {
  /// The share of it that μ closes, or nil where it is not above `smallest`.
  package static func closed(_ mu: Double, from single: Double, to oracle: Double) -> Double? {
    let gap = oracle - single
    return gap > smallest ? min(1, (mu - single) / gap) : nil
  }

  /// The rounding of resampled means of `Float` responses; one binary response among 100,000 is more.
  package static let smallest = 1e-6
}
