/// One row of a log: a query, the LLM that it was sent to, and what came of it.
public struct LoggedPick: Equatable, Sendable {
  /// The smallest probability that a row may have: nobody ever sees what is picked once in 10¹² times.
  ///
  /// Smaller ones are faults of whoever recorded them, and squares of their weights would leave the range of numbers.
  public static let leastPropensity = 1e-12

  /// The query, a row of the log's benchmark.
  public var query: Int
  /// The LLM that was picked, a place among the log's LLMs.
  public var llm: Int
  /// Its graded answer, in [0, 1]; nil where nobody graded it.
  public var response: Float?
  /// The probability with which this LLM was picked, in [10⁻¹², 1]; nil where it was not recorded.
  public var propensity: Double?
  /// The probability with which its answer was graded, in [10⁻¹², 1]; nil where it was not recorded.
  public var gradePropensity: Double?
  /// Whether the row was drawn by chance to be graded, whatever its answer.
  public var isAudited: Bool
  /// What the log's `offers` say of the LLMs that could be picked, a place there; nil for all.
  public var offer: Int?
  /// What the log's `policies` say of who picked, a place there; nil where it was not recorded.
  public var policy: Int?
  /// When it happened, in seconds since some start; nil where it was not recorded.
  public var time: Double?
  /// What the answer cost; nil where it was not recorded.
  public var cost: Double?

  /// A row from its parts.
  public init(
    query: Int, llm: Int, response: Float?, propensity: Double? = nil, gradePropensity: Double? = nil,
    isAudited: Bool = false, offer: Int? = nil, policy: Int? = nil, time: Double? = nil, cost: Double? = nil
  ) {
    self.query = query
    self.llm = llm
    self.response = response
    self.propensity = propensity
    self.gradePropensity = gradePropensity
    self.isAudited = isAudited
    self.offer = offer
    self.policy = policy
    self.time = time
    self.cost = cost
  }
}
