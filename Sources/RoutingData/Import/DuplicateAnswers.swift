/// What becomes of a pair of a query and an LLM that has several grades which differ.
public enum DuplicateAnswers: String, CaseIterable, Sendable {
  /// An error that names both lines.
  case error
  /// The mean of all of them, equal ones too.
  case mean
  /// The first one.
  case first
}

/// How many answers shared their pair with an earlier one.
struct DuplicateCounts {
  /// Answers with the same grade as an earlier one.
  var repeated = 0
  /// Pairs with grades that differ.
  var differing = 0

  /// What the user should know.
  func notes(_ duplicates: DuplicateAnswers, path: String) -> [String] {
    var notes: [String] = []
    if repeated > 0 {
      notes.append("\(path): \(repeated) answers repeat an earlier one of the same pair and grade")
    }
    if differing > 0 {
      let choice = duplicates == .mean ? "their mean counts" : "the first one counts"
      notes.append("\(path): \(differing) pairs have several grades that differ: \(choice)")
    }
    return notes
  }
}
