/// How well a model predicts the responses to validation queries.
public struct ValidationMetrics: Codable, Equatable, Sendable {
  /// The mean of −log p(y) over the observed responses, in nats, p believed as far as `LogLoss.believed`.
  public let logLoss: Double
  /// The probability that a right answer gets a higher probability than a wrong one, averaged over the
  /// benchmarks by responses; nil where all are one of them.
  public let auc: Double?
  /// μ over the best single LLM's mean, both on the validation queries, averaged over the validation pools; nil without pools.
  public let bestSingleModelValue: Double?

  private enum CodingKeys: String, CodingKey {
    case auc
    case logLoss = "log_loss"
    case bestSingleModelValue = "v_b"
  }
}
