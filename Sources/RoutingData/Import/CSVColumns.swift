import FileFormats

/// Which column of a long CSV file of answers means what.
struct CSVColumns {
  /// The columns with a meaning, as `--help` and notes list them.
  static let list = "query, llm, score, benchmark, subscenario, split, prompt"

  let query: Int
  let llm: Int
  let score: Int
  let benchmark: Int?
  let subscenario: Int?
  let split: Int?
  let prompt: Int?
  /// The names of the columns without a meaning.
  let unused: [String]

  /// Finds the columns; those with an answer's three parts must be there.
  ///
  /// - Throws: `FileError` for a column that is missing or there twice.
  init(_ reader: CSVReader) throws(FileError) {
    query = try reader.column("query")
    llm = try reader.column("llm")
    score = try reader.column("score")
    benchmark = try Self.optional("benchmark", reader)
    subscenario = try Self.optional("subscenario", reader)
    split = try Self.optional("split", reader)
    prompt = try Self.optional("prompt", reader)
    let used = [query, llm, score, benchmark, subscenario, split, prompt].compactMap { $0 }
    unused = reader.header.indices.filter { !used.contains($0) }.map { reader.header[$0] }
  }

  /// The column of a name or of its plural; nil where there is neither.
  private static func optional(_ name: String, _ reader: CSVReader) throws(FileError) -> Int? {
    let present = [name, name + "s"].filter { reader.header.containsName($0) }
    guard let first = present.first else { return nil }
    guard present.count == 1 else {
      throw FileError(reader.path, at: .line(1), "has both columns \(name) and \(name)s: rename one of them")
    }
    return try reader.column(first)
  }
}
