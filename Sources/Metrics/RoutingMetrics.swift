import NumericKernels

/// RouterEval's metrics of one router on one pool, and those that keep them honest.
///
/// Source: RouterEval (arXiv 2503.10657), §4. A ratio with divisor 0 is nil, never NaN. μ_b below is the
/// test mean of the candidate that was best on train, μ_o the mean over the queries of the best
/// response of any candidate.
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
  /// μ_o − μ: what the picks lose, on average, to the best candidate of each query; in [0, 1].
  public let regret: Double
  /// (μ − μ_b) / (μ_o − μ_b): the share of the oracle gap that the router closes, at most 1; negative for a
  /// router worse than the train-chosen LLM, nil where there is no such LLM or the gap is 0.
  public let gapClosed: Double?
  /// The log-loss of the predicted responses in nats, see `PredictionErrors`; nil where none are predicted.
  public let logLoss: Double?
  /// The area under the ROC curve of the predicted responses; nil where none are predicted, or all
  /// responses are right or all wrong.
  public let auc: Double?
  /// The Brier score of the predicted responses, see `PredictionErrors`; nil where none are predicted.
  public let brier: Double?
  /// The expected calibration error of the predicted responses; nil where none are predicted.
  public let calibrationError: Double?

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
    let oracleMean = pool.oracleMean
    regret = Self.regret(mu, oracle: oracleMean)
    gapClosed = pool.trainBestMean.flatMap { Self.gapClosed(mu, from: $0, to: oracleMean) }
    logLoss = routed.predictionErrors?.logLoss
    auc = routed.predictionErrors?.areaUnderCurve
    brier = routed.predictionErrors?.brier
    calibrationError = routed.predictionErrors?.calibrationError
  }

  /// μ_o − μ, without the rounding by which an expectation may pass the oracle.
  package static func regret(_ mu: Double, oracle: Double) -> Double { max(0, oracle - mu) }

  /// (μ − μ_b) / (μ_o − μ_b), or nil where the divisor is not above `smallestGap`.
  package static func gapClosed(_ mu: Double, from single: Double, to oracle: Double) -> Double? {
    let gap = oracle - single
    return gap > smallestGap ? min(1, (mu - single) / gap) : nil
  }

  /// The rounding of resampled means of `Float` responses; one binary response among 100,000 is more.
  package static let smallestGap = 1e-6

  /// A quotient, or nil for a divisor of 0.
  package static func ratio(_ dividend: Double, _ divisor: Double) -> Double? {
    divisor > 0 ? dividend / divisor : nil
  }
}
