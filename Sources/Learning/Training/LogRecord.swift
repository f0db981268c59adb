/// What a training record says of the log that a model was learned from.
public struct LogRecord: Codable, Equatable, Sendable {
  /// The log's name.
  public var name: String
  /// What was asked for against the log's bias.
  public var debias: String
  /// What was done, where `debias` left it open.
  public var method: String
  /// Rows of train and validation queries.
  public var rows: Int
  /// Those of them with a graded answer.
  public var graded: Int
  /// Those of them that were drawn to be graded whatever their answer.
  public var audited: Int
  /// The share of the weighted fit, α; nil for a method that mixes none.
  public var weightedShare: Double?
  /// The spread of the LLMs' levels; nil for a method that doesn't ask.
  public var spread: Double?
  /// The spread of the bias that the logger left in plain means; nil for a method that doesn't ask.
  public var confounding: Double?
  /// (Σw)² / Σw² of each LLM's train rows, by its name.
  public var effectiveSampleSizes: [String: Double]
  /// The standard error of each LLM's level, by its name; nil for a model without.
  public var standardErrors: [String: Double]?

  /// What is known before training.
  public init(
    name: String, debias: String, method: String, rows: Int, graded: Int, audited: Int,
    effectiveSampleSizes: [String: Double]
  ) {
    self.name = name
    self.debias = debias
    self.method = method
    self.rows = rows
    self.graded = graded
    self.audited = audited
    self.effectiveSampleSizes = effectiveSampleSizes
  }

  private enum CodingKeys: String, CodingKey {
    case name, debias, method, rows, graded, audited, spread, confounding
    case weightedShare = "weighted_share"
    case effectiveSampleSizes = "effective_sample_sizes"
    case standardErrors = "standard_errors"
  }
}
