/// How much better one router is than another on the same queries.
public struct PairedDifference: Codable, Equatable, Sendable {
  /// The difference in μ.
  public let mu: Estimate
  /// The difference in V_B; nil where V_B is not defined.
  public let bestSingleModelValue: Estimate?
  /// The two-sided p-value of the difference in μ: that of the resamples, see `pValue(of:)`, but never less than that of
  /// the exact sign-flip test of the queries' differences (`SignFlipTest`), which knows how few they are.
  public let pValue: Double

  /// A difference from its parts.
  public init(mu: Estimate, bestSingleModelValue: Estimate?, pValue: Double) {
    self.mu = mu
    self.bestSingleModelValue = bestSingleModelValue
    self.pValue = pValue
  }

  /// The two-sided bootstrap p-value of a difference from its values Δ* on B resamples, in (0, 1].
  ///
  /// p = min(1, 2 · min(#{Δ* ≤ 0} + 1, #{Δ* ≥ 0} + 1) / (B + 1)): the smallest share outside the centre
  /// at which a percentile interval still holds 0. It is 1 where every Δ* is 0 and never less than
  /// 2 / (B + 1). Source: Davison and Hinkley 1997, §4.4 and §5.
  public static func pValue(of differences: [Double]) -> Double {
    var (notAbove, notBelow) = (1, 1)
    for difference in differences {
      if difference <= 0 { notAbove += 1 }
      if difference >= 0 { notBelow += 1 }
    }
    return min(1, 2 * Double(min(notAbove, notBelow)) / Double(differences.count + 1))
  }

  private enum CodingKeys: String, CodingKey {
    case mu
    case bestSingleModelValue = "vb"
    case pValue = "p"
  }

  /// Writes all keys; an undefined difference is null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mu, forKey: .mu)
    try container.encode(bestSingleModelValue, forKey: .bestSingleModelValue)
    try container.encode(pValue, forKey: .pValue)
  }
}
