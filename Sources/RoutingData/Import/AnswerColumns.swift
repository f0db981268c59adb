import FileFormats

/// Graded answers as columns, whatever file they stood in: row i is one answer.
struct AnswerColumns {
  /// Where a row stood.
  struct Origin {
    let path: String
    let line: Int
    /// The grade as it was written.
    let score: String
    /// The cost as it was written; empty where none was.
    var cost = ""
    /// The column, where each row of the file has several grades.
    var column: String?

    /// The column as a part of a message; empty where rows have one grade.
    var place: String { column.map { "column \(FileError.excerpt($0)): " } ?? "" }
  }

  /// What the file calls its columns, for messages.
  struct Titles {
    var query = "query"
    var llm = "llm"
    var benchmark = "benchmark"
  }

  /// The file, or the first of several.
  let path: String
  var titles = Titles()
  var queries: CodedColumn
  var llms: CodedColumn
  /// The grades; NaN is a missing answer.
  var scores: [Float]
  var benchmarks: CodedColumn?
  var subscenarios: CodedColumn?
  /// The words for the parts of the split.
  var splits: CodedColumn?
  var prompts: CodedColumn?
  /// What each answer cost, NaN where it is not known; nil where the file says none.
  var costs: [Float]?
  /// The number that is the best grade in the file.
  var scale = 1.0
  /// Looks a row up again, for messages.
  var origin: (Int) throws(FileError) -> Origin

  /// The number of answers, missing ones included.
  var count: Int { scores.count }

  /// Whether rows say more of their query than its name.
  var isDescribing: Bool { subscenarios != nil || splits != nil || prompts != nil }

  /// An error of a row.
  func fault(_ row: Int, _ reason: String) throws(FileError) -> FileError {
    let origin = try origin(row)
    return FileError(origin.path, at: .line(origin.line), reason)
  }

  /// Checks each row by itself.
  ///
  /// - Throws: `FileError`, with the line, for an empty name, another word than a split's, or a grade or a cost out of range;
  ///   without one where there is no row.
  func check() throws(FileError) {
    guard count > 0 else { throw FileError(path, "has no rows below its header") }
    for (column, title) in [(queries, titles.query), (llms, titles.llm), (benchmarks, titles.benchmark)] {
      if let column, let row = Self.row(of: "", in: column) {
        throw try fault(row, "\(title) is empty")
      }
    }
    if let splits, let word = splits.names.first(where: { SplitWords.part($0) == nil }) {
      let row = Self.row(of: word, in: splits) ?? 0
      throw try fault(row, "split '\(FileError.excerpt(word))' is not one of \(SplitWords.list)")
    }
    if let row = scores.firstIndex(where: { !($0 >= 0 && $0 <= 1) && !$0.isNaN }) {
      let origin = try origin(row)
      throw try fault(row, origin.place + Grade.refusal(origin.score, scale: scale))
    }
    if let row = costs?.firstIndex(where: { !AnswerCost.isCost($0) }) {
      let origin = try origin(row)
      throw try fault(row, origin.place + AnswerCost.refusal(origin.cost))
    }
  }

  private static func row(of name: String, in column: CodedColumn) -> Int? {
    guard let code = column.names.firstIndex(where: { Name($0) == Name(name) }) else { return nil }
    return column.codes.firstIndex(of: UInt32(code))
  }
}
