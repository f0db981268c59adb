/// How files write an answer that is missing: never wrong, never 0.
package enum MissingAnswer {
  /// What may stand in place of a number, in any case: what pandas, numpy, R and SQL write, and nothing at all.
  static let words = ["", "na", "n/a", "nan", "null", "none", "<na>"]

  /// Whether a field holds no answer.
  package static func isMissing(_ field: String) -> Bool {
    field.utf8.count <= 4 && words.contains(field.lowercased())
  }
}
