/// What predictions are written as.
package enum PredictionFormat: String, CaseIterable, Sendable {
  /// Rows of text.
  case csv, jsonl
  /// numpy's array of the predicted responses of all queries and LLMs, or its archive of everything that is said.
  case npy, npz

  /// Whether every query and LLM has a place in it, and it is there as a whole or not at all.
  package var isArrays: Bool { self == .npy || self == .npz }

  /// The format that the ending of a path names; nil for another ending.
  package init?(endingOf path: String) {
    guard let format = Self.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else { return nil }
    self = format
  }
}
