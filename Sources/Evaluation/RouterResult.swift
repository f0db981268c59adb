import Metrics
import Routing

/// A router's metrics on one pool, each but the AUC with its interval.
public struct RouterResult: Codable, Equatable, Sendable {
  /// The router's name.
  public let name: String
  /// How its scores became picks, such as `highest`.
  public let policy: String
  /// The rule that broke its ties; nil for a policy that knows no ties.
  public let tieRule: TieRule?
  /// μ.
  public let mu: Estimate
  /// V_R; nil for a benchmark without a reference.
  public let referenceValue: Estimate?
  /// V_B; nil where the best single LLM's mean is 0.
  public let bestSingleModelValue: Estimate?
  /// V_B against the LLM that was best on train; nil where its mean is 0 or there is none.
  public let honestBestSingleModelValue: Estimate?
  /// E_p.
  public let classificationBias: Estimate
  /// The entropy of the mean pick distribution.
  public let pickEntropy: Estimate
  /// The share of the queries that each LLM of the cell was picked for.
  public let pickShares: [Double]
  /// The paired difference to the LLM that was best on train; nil where there is none.
  public let differenceToBestSingle: PairedDifference?
  /// The two-sided p-value of that difference in μ, see `PairedDifference.pValue(of:)`.
  public let pValue: Double?
  /// The regret: μ of the oracle less μ.
  public let regret: Estimate
  /// The share of the oracle gap closed; nil where the gap is 0 or no LLM was best on train.
  public let gapClosed: Estimate?
  /// The log-loss of the predicted responses; nil for a router that predicts none.
  public let logLoss: Estimate?
  /// The AUC of the predicted responses; nil for a router that predicts none, or responses all alike.
  ///
  /// No interval: it is no function of the resampled means that the bootstrap works with.
  public let auc: Double?
  /// The Brier score of the predicted responses; nil for a router that predicts none.
  public let brier: Estimate?
  /// The expected calibration error of the predicted responses; nil for a router that predicts none.
  public let calibrationError: Estimate?

  /// The result of the router at a place of the replicates.
  ///
  /// `metrics` are those of the router on the queries as they are.
  public init(
    _ routed: RoutedQueries, _ metrics: RoutingMetrics, at index: Int, in replicates: BootstrapReplicates,
    pool: PoolResponses
  ) {
    let router = replicates.routers[index]
    name = routed.router
    policy = routed.policy
    tieRule = routed.tieRule
    mu = Estimate(metrics.mu, replicates.interval(router.mu))
    referenceValue = metrics.referenceValue.flatMap { value in
      pool.referenceAccuracy.map { reference in
        Estimate(value, replicates.interval(router.mu.map { $0 / reference }))
      }
    }
    bestSingleModelValue = metrics.bestSingleModelValue.map {
      Estimate($0, replicates.interval(router.mu, over: replicates.bestSingle))
    }
    honestBestSingleModelValue = metrics.honestBestSingleModelValue.flatMap { value in
      replicates.trainBest.map { Estimate(value, replicates.interval(router.mu, over: $0)) }
    }
    classificationBias = Estimate(
      metrics.classificationBias, replicates.interval(router.classificationBias))
    pickEntropy = Estimate(metrics.pickEntropy, replicates.interval(router.pickEntropy))
    pickShares = routed.pickShares
    differenceToBestSingle = replicates.differenceToTrainBest(index, metrics, pool: pool)
    pValue = differenceToBestSingle?.pValue
    regret = Estimate(metrics.regret, replicates.regretInterval(index))
    gapClosed = metrics.gapClosed.map { Estimate($0, replicates.gapClosedInterval(index)) }
    logLoss = metrics.logLoss.map { Estimate($0, router.logLoss.map(replicates.interval)) }
    auc = metrics.auc
    brier = metrics.brier.map { Estimate($0, router.brier.map(replicates.interval)) }
    calibrationError = metrics.calibrationError.map {
      Estimate($0, router.calibrationError.map(replicates.interval))
    }
  }

  private enum CodingKeys: String, CodingKey {
    case name, policy
    case tieRule = "ties"
    case mu
    case referenceValue = "vr"
    case bestSingleModelValue = "vb"
    case honestBestSingleModelValue = "vb_train"
    case classificationBias = "ep"
    case pickEntropy = "pick_entropy"
    case pickShares = "pick_shares"
    case differenceToBestSingle = "difference_to_best_single"
    case pValue = "p_value"
    case regret
    case gapClosed = "gap_closed"
    case logLoss = "log_loss"
    case auc, brier
    case calibrationError = "ece"
  }

  /// Writes all keys; an undefined metric is null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(policy, forKey: .policy)
    try container.encode(tieRule, forKey: .tieRule)
    try container.encode(mu, forKey: .mu)
    try container.encode(referenceValue, forKey: .referenceValue)
    try container.encode(bestSingleModelValue, forKey: .bestSingleModelValue)
    try container.encode(honestBestSingleModelValue, forKey: .honestBestSingleModelValue)
    try container.encode(classificationBias, forKey: .classificationBias)
    try container.encode(pickEntropy, forKey: .pickEntropy)
    try container.encode(pickShares, forKey: .pickShares)
    try container.encode(differenceToBestSingle, forKey: .differenceToBestSingle)
    try container.encode(pValue, forKey: .pValue)
    try container.encode(regret, forKey: .regret)
    try container.encode(gapClosed, forKey: .gapClosed)
    try container.encode(logLoss, forKey: .logLoss)
    try container.encode(auc, forKey: .auc)
    try container.encode(brier, forKey: .brier)
    try container.encode(calibrationError, forKey: .calibrationError)
  }
}
