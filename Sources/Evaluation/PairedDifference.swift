/// How much better one router is than another on the same queries.
public struct PairedDifference: Codable, Equatable, Sendable {
  /// The difference in μ.
  public let mu: Estimate
  /// The difference in V_B; nil where V_B is not defined.
  public let bestSingleModelValue: Estimate?

  /// A difference from its parts.
  public init(mu: Estimate, bestSingleModelValue: Estimate?) {
    self.mu = mu
    self.bestSingleModelValue = bestSingleModelValue
  }

  private enum CodingKeys: String, CodingKey {
    case mu
    case bestSingleModelValue = "vb"
  }

  /// Writes all keys; an undefined difference is null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mu, forKey: .mu)
    try container.encode(bestSingleModelValue, forKey: .bestSingleModelValue)
  }
}
