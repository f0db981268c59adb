import RoutingData

/// The words of `--grading`: `.5`, or `failures=.8,successes=.2` and perhaps `spread=.5`.
package struct GradingText: Equatable, Sendable {
  /// The share of failures that are graded.
  package var failures = 1.0
  /// The share of successes that are graded.
  package var successes = 1.0
  /// How far the LLMs' rates of successes lie apart, on the scale of log-odds.
  package var spread = 0.0

  /// All answers are graded.
  package init() {}

  /// Rates from their text.
  ///
  /// - Throws: `DataError` for another word, or one that is missing or there twice.
  package init(_ text: String) throws(DataError) {
    if let share = Double(text) {
      (failures, successes) = (share, share)
      return
    }
    var given: [String: Double] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard words.count == 2, ["failures", "successes", "spread"].contains(words[0]),
        let value = Double(words[1]), given.updateValue(value, forKey: words[0]) == nil
      else { throw Self.fault(text) }
    }
    guard let failures = given["failures"], let successes = given["successes"] else { throw Self.fault(text) }
    self.failures = failures
    self.successes = successes
    spread = given["spread"] ?? 0
  }

  private static func fault(_ text: String) -> DataError {
    DataError(
      "grading '\(text)': expected a share such as .5, or failures=.8,successes=.2 and perhaps spread=.5")
  }
}
