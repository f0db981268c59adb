import RoutingData

/// Which answers of an experiment's logs are graded, by its name.
package struct GradingPlan: Equatable, Sendable {
  /// What decides whether an answer is graded.
  package enum Rule: String, CaseIterable, Sendable {
    /// All are.
    case all
    /// Four of five failures and one of five successes.
    case outcome
    /// The same with rates of successes that differ between LLMs.
    case outcomeByLLM = "outcome-by-llm"
  }

  /// The rule.
  package let rule: Rule
  /// The number of rows, about, that are drawn by chance and graded whatever their answer.
  package let audits: Int

  /// The names, for help texts.
  package static let forms =
    "all, outcome, outcome-by-llm, or one of the last two with +N audited rows, as in outcome+1000"

  /// A plan from its name.
  ///
  /// - Throws: `DataError` for another name.
  package init(_ text: String) throws(DataError) {
    let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let audits = parts.count > 1 ? Int(parts[1]) : 0
    guard let rule = Rule(rawValue: parts[0]), let audits, (parts.count > 1) == (audits > 0),
      rule != .all || audits == 0
    else { throw DataError("unknown grading '\(text)'; there are: \(Self.forms)") }
    self.rule = rule
    self.audits = audits
  }

  /// How answers of so many rows are graded.
  ///
  /// - Throws: `DataError` for more audits than rows.
  func grading(rows: Int, llms: Int, seed: UInt64) throws(DataError) -> Grading {
    guard audits <= rows else { throw DataError("\(audits) audited rows of a log of \(rows)") }
    let share = Double(audits) / Double(rows)
    switch rule {
    case .all: return .all(llms: llms)
    case .outcome:
      return try Grading(failures: 0.8, successes: 0.2, audits: share, llms: llms, seed: seed)
    case .outcomeByLLM:
      return try Grading(failures: 0.8, successes: 0.2, spread: 0.5, audits: share, llms: llms, seed: seed)
    }
  }
}
