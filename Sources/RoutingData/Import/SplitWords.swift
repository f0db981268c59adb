/// The words by which files name the part that a query belongs to.
enum SplitWords {
  /// The words that are read, for messages and documents.
  static let list = "train, validation (or val) and test"

  /// The part of a word, or nil for another word.
  static func part(_ word: String) -> SplitPart? {
    switch word {
    case "train": return .train
    case "validation", "val": return .validation
    case "test": return .test
    default: return nil
    }
  }

  /// A note for a benchmark whose own split leaves a part empty.
  static func note(_ split: Split, benchmark: String, path: String) -> String? {
    let empty = SplitPart.allCases.filter { !split.parts.contains($0) }.map(\.name)
    guard !empty.isEmpty else { return nil }
    return
      "\(path): the file's own split of benchmark '\(benchmark)' has no query for \(empty.joined(separator: ", "))"
  }
}
