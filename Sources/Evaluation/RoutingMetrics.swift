import LinearAlgebra

/// RouterEval's metrics of one router on one pool, and two that keep them honest.
///
/// Source: RouterEval (arXiv 2503.10657), §4. A ratio with divisor 0 is nil, never NaN.
public struct RoutingMetrics: Equatable, Sendable {
  /// μ: the mean response of the picked LLMs, in [0, 1].
  public let mu: Double
  /// V_R: μ over the accuracy of the reference LLM; nil for a benchmark without one.
  public let referenceValue: Double?
  /// V_B: μ over the mean of the best single candidate on the test queries.
  public let bestSingleModelValue: Double?
  /// μ over the test mean of the candidate that was best on train: a divisor one can know beforehand.
  public let honestBestSingleModelValue: Double?
  /// E_p: the mean entropy of the selection probabilities, in [0, log₂ m] bits.
  public let classificationBias: Double
  /// The entropy of the mean pick distribution over the candidates, in [0, log₂ m] bits.
  public let pickEntropy: Double

  /// The metrics of what a router did with the queries of a pool; cost n · m.
  public init(_ routed: RoutedQueries, pool: PoolResponses) {
    precondition(routed.rewards.count == pool.queries.count, "\(routed.rewards.count) routed queries")
    let mu = ShiftedMean.of(routed.rewards)
    self.mu = mu
    referenceValue = pool.referenceAccuracy.flatMap { Self.ratio(mu, $0) }
    bestSingleModelValue = Self.ratio(mu, pool.bestSingleMean)
    honestBestSingleModelValue = pool.trainBestMean.flatMap { Self.ratio(mu, $0) }
    classificationBias = ShiftedMean.of(routed.entropies)
    pickEntropy = Entropy.bits(
      (0..<routed.picks.columns).map { ShiftedMean.of(routed.picks.column($0).map(Double.init)) })
  }

  /// A quotient, or nil for a divisor of 0.
  static func ratio(_ dividend: Double, _ divisor: Double) -> Double? {
    divisor > 0 ? dividend / divisor : nil
  }
}
