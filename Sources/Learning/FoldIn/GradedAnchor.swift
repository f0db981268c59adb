/// One graded answer of a new LLM to a query that the model knows.
public struct GradedAnchor: Equatable, Sendable {
  /// The benchmark, as a place among the model's.
  public let benchmark: Int
  /// The query, as a place among the benchmark's known queries.
  public let query: Int
  /// The grade, in [0, 1].
  public let response: Float
  /// How much it counts, above 0.
  public let weight: Float

  /// An answer.
  public init(benchmark: Int, query: Int, response: Float, weight: Float = 1) {
    self.benchmark = benchmark
    self.query = query
    self.response = response
    self.weight = weight
  }

  /// Whether it comes before another in the order in which answers are added up.
  static func isBefore(_ first: GradedAnchor, _ second: GradedAnchor) -> Bool {
    (first.benchmark, first.query) < (second.benchmark, second.query)
  }
}
