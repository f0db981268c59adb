import FileFormats

/// A row of a log as a file says it, before anybody knows whether its query and its LLM are there.
struct LogRow: Equatable {
  /// The query's id, or its row in the benchmark; nil where rows are about the queries in their order.
  var query: String?
  /// The LLM's name, or its place among the log's LLMs where the format has numbers.
  var llm: String
  /// The graded answer; nil where nobody graded it.
  var response: Float?
  /// The probability of the pick; nil where it was not recorded.
  var propensity: Double?
  /// The probability of the grading; nil where it was not recorded.
  var gradePropensity: Double?
  /// Whether the row was drawn by chance to be graded.
  var isAudited = false
  /// The names of the LLMs that were offered, between bars; nil for all.
  var candidates: String?
  /// Who picked; nil where it was not recorded.
  var policy: String?
  /// When it happened; nil where it was not recorded.
  var time: Double?
  /// What it cost; nil where it was not recorded.
  var cost: Double?
}

/// How texts of a log become numbers.
struct LogFields {
  let path: String
  let line: Int

  /// A response in [0, 1]; nil for an answer that was not graded.
  func response(_ field: String, _ column: String) throws(FileError) -> Float? {
    if let value = Float(field), value >= 0, value <= 1 { return value }
    guard MissingAnswer.isMissing(field) else {
      throw error(
        "\(column) '\(FileError.excerpt(field))' is not a number in [0, 1], nor empty for an answer that was not graded"
      )
    }
    return nil
  }

  /// The same of a number that is there.
  func response(_ value: Float, _ column: String) throws(FileError) -> Float {
    guard value >= 0, value <= 1 else { throw error("\(column) \(value) is not a number in [0, 1]") }
    return value
  }

  /// A probability above 0, up to 1; nil where it was not recorded.
  func propensity(_ field: String, _ column: String) throws(FileError) -> Double? {
    guard !MissingAnswer.isMissing(field) else { return nil }
    guard let value = Double(field), value.isFinite else { throw notANumber(field, column) }
    return try propensity(value, column)
  }

  /// The same of a number that is there.
  func propensity(_ value: Double, _ column: String) throws(FileError) -> Double {
    guard value > 0 else {
      throw error(
        "\(column) \(value): what was picked had a chance above 0; leave it empty where it was not recorded")
    }
    guard value >= LoggedPick.leastPropensity else {
      throw error(
        "\(column) \(value) is below \(LoggedPick.leastPropensity), too small for a pick that happened: record the "
          + "probability of the pick, or leave it empty")
    }
    guard value <= 1 else {
      throw error("\(column) \(value) is above 1: expected a probability, not a percentage or a weight")
    }
    return value
  }

  /// A finite number; nil where it was not recorded.
  func number(_ field: String, _ column: String) throws(FileError) -> Double? {
    guard !MissingAnswer.isMissing(field) else { return nil }
    guard let value = Double(field), value.isFinite else { throw notANumber(field, column) }
    return value
  }

  /// Yes or no in the words that files have; empty is no.
  func flag(_ field: String, _ column: String) throws(FileError) -> Bool {
    switch field.lowercased() {
    case "1", "true", "yes": return true
    case "0", "false", "no", "": return false
    default: throw error("\(column) '\(FileError.excerpt(field))' is neither 1 nor 0")
    }
  }

  func error(_ reason: String) -> FileError { FileError(path, at: .line(line), reason) }

  private func notANumber(_ field: String, _ column: String) -> FileError {
    error(
      "\(column) '\(FileError.excerpt(field))' is not a finite number, nor empty where it was not recorded")
  }
}
