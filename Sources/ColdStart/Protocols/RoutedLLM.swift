/// What one pool with a held-out LLM in it reaches on test queries: without it, with it placed by some answers, and with
/// all its answers.
public struct RoutedLLM: Codable, Equatable, Sendable {
  /// The benchmark.
  public let benchmark: String
  /// The fold that held the LLM out.
  public let fold: String
  /// The LLM.
  public let llm: String
  /// The size of the pool, m, the LLM counted.
  public let size: Int
  /// The number of the pool among those of the LLM and size.
  public let pool: Int
  /// The number of answers.
  public let answers: Int
  /// μ of the pool without the LLM.
  public let without: Double
  /// μ with it placed by its answers.
  public let with: Double
  /// μ with it known by all its answers to train queries.
  public let full: Double
  /// μ of the LLM of the pool that is best on train queries, all answers known.
  public let single: Double
  /// The mean of the best LLM of the pool on test queries, the held-out one left out: the divisor of V_B without it.
  public let bestWithout: Double
  /// The same with it.
  public let bestWith: Double
}
