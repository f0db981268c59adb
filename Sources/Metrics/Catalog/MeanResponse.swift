extension Metric {
  /// μ: the mean response of the picked LLMs, in [0, 1].
  ///
  /// Source: RouterEval (arXiv 2503.10657), §4.
  public static let mu = Metric(
    "mu", symbol: "μ", family: .quality,
    meaning: "The mean response (graded answer, 0 to 1) of the LLMs that the router picked.",
    columns: { routed, _ in [routed.rewards] },  // Resamples sum to n only up to rounding.
    value: { min(max($0[0], 0), 1) }
  ).bounded { routed, _ in BoundedMean(routed.rewards, in: 0...1) }
}
