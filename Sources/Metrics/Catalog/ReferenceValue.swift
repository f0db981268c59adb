extension Metric {
  /// V_R: μ over the accuracy of the reference LLM; not defined for a benchmark without one.
  ///
  /// Source: RouterEval (arXiv 2503.10657), §4.
  public static let referenceValue = Metric(
    "vr", symbol: "V_R", family: .quality,
    meaning: "μ divided by the accuracy of RouterEval's reference LLM on the benchmark.",
    columns: { routed, pool in pool.referenceAccuracy == nil ? nil : [routed.rewards] },
    relativeValue: { means, context in context.reference.flatMap { ratio(means[0], $0) } }
  ).bounded { routed, pool in
    let reference = pool.referenceAccuracy ?? 1
    return BoundedMean(routed.rewards, in: 0...1) { $0 / reference }
  }
}
