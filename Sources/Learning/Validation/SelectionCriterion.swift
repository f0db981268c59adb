/// What early stopping, candidates and searches judge a model's validation metrics by.
public enum SelectionCriterion: String, CaseIterable, Codable, Sendable {
  /// The log-loss.
  case logLoss = "log-loss"
  /// The area under the ROC curve.
  case auc
  /// The mean V_B on the validation pools.
  case bestSingleModelValue = "v-b"

  /// A number that is lower for better metrics; infinite where the metric is not defined.
  public func loss(of metrics: ValidationMetrics) -> Double {
    switch self {
    case .logLoss: metrics.logLoss
    case .auc: metrics.auc.map { -$0 } ?? .infinity
    case .bestSingleModelValue: metrics.bestSingleModelValue.map { -$0 } ?? .infinity
    }
  }
}
