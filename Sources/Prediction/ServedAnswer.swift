/// What the service answers to a line.
package struct ServedAnswer: Encodable, Sendable {
  /// The query's id; nil where the line has none that can be read.
  package var id: String?
  /// The LLM that gets the query.
  package var pick: String?
  /// The probability with which it was picked.
  package var propensity: Double?
  /// What a query costs with it; nil where costs are not known.
  package var cost: Double?
  /// The predicted responses by LLM.
  package var probabilities: [String: Float]?
  /// Their standard errors; nil where the model says none.
  package var standardErrors: [String: Float]?
  /// What was wrong with the line; nil for an answer.
  package var error: String?

  private enum CodingKeys: String, CodingKey {
    case id, pick, propensity, cost, probabilities, error
    case standardErrors = "standard_errors"
  }
}
