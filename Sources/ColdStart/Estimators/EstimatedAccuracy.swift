/// What a new LLM's answers to some queries of one benchmark say of its accuracy.
struct EstimatedAccuracy: Equatable, Sendable {
  /// The estimate; not all estimators keep it in [0, 1].
  let mean: Double
  /// Its standard deviation as the estimator sees it.
  let deviation: Double
  /// Its 95% interval, where the estimator knows how wide that must be.
  var interval: ClosedRange<Double>?
}
