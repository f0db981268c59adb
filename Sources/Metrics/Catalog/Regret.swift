extension Metric {
  /// μ_o − μ, with μ_o the oracle's: what the picks lose, on average, to the best candidate of each query; in [0, 1].
  public static let regret = Metric(
    "regret", symbol: "regret", family: .loss, meaning: "μ of the oracle less μ.",
    columns: { routed, _ in [routed.rewards] },
    // Without the rounding by which an expectation may pass the oracle.
    relativeValue: { means, context in max(0, context.oracle - means[0]) }
  ).bounded { routed, pool in BoundedMean(routed.losses(of: pool), in: 0...1) }
}
