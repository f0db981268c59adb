import FileFormats

/// What a cost says of a response, in formats that have costs.
public enum CostMeaning: String, CaseIterable, Sendable {
  /// The cost is −response, as Vowpal Wabbit's documentation has it.
  case negative
  /// The cost is 1 − response.
  case loss

  /// The response of a cost.
  func response(_ cost: Double, _ parse: LogFields) throws(FileError) -> Float {
    let response = self == .negative ? -cost : 1 - cost
    guard response >= 0, response <= 1 else {
      let other: CostMeaning = self == .negative ? .loss : .negative
      throw parse.error(
        "cost \(cost) is a response of \(response), expected 0 to 1; if costs are "
          + "\(other == .loss ? "1 − response" : "−response"), say --costs \(other.rawValue)")
    }
    // −0 is written by people too.
    return Float(response + 0)
  }
}
