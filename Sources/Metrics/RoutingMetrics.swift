/// The values of a router's metrics on one pool.
///
/// What is not defined, such as a ratio with divisor 0, is nil, never NaN.
public struct RoutingMetrics: Equatable, Sendable {
  private let values: [String: Double]
  /// μ.
  public let mu: Double
  /// E_p.
  public let classificationBias: Double
  /// The entropy of the mean pick distribution.
  public let pickEntropy: Double

  /// The metrics of what a router did with the queries of a pool; cost n · m.
  public init(_ routed: RoutedQueries, pool: PoolResponses, metrics: [Metric] = MetricCatalog.all) {
    precondition(routed.rewards.count == pool.queries.count, "\(routed.rewards.count) routed queries")
    values = metrics.reduce(into: [:]) { $0[$1.key] = $1.value(routed, pool: pool) }
    mu = ShiftedMean.of(routed.rewards)
    classificationBias = ShiftedMean.of(routed.entropies)
    pickEntropy = values[Metric.pickEntropy.key] ?? 0
  }

  /// The value of a metric; nil where it is not defined or was not asked for.
  public subscript(metric: Metric) -> Double? { values[metric.key] }
}
