import FileFormats

/// Which of the columns of a table, or the keys of a line, mean what.
struct AnswerHeader {
  /// The columns with a meaning, as `--help` and notes list them.
  static let list = "query, llm, score, benchmark, subscenario, split, prompt, cost"

  /// How a table of answers is laid out.
  enum Layout {
    /// One row an answer.
    case long
    /// One row a query or an LLM, and a column for each of the other.
    case wide(WideRows)
  }

  /// The columns that name queries and LLMs and hold grades and costs; nil for what a wide table has in its header.
  let query: Int?
  let llm: Int?
  let score: Int?
  let benchmark: Int?
  let subscenario: Int?
  let split: Int?
  let prompt: Int?
  let cost: Int?
  /// The columns without a meaning.
  let others: [Int]

  /// Finds the columns; those with an answer's parts must be there.
  ///
  /// - Parameter path: the file, whose line `line` has the names.
  /// - Throws: `FileError` for a column that is missing, there twice, or that means two things.
  init(
    _ header: [String], names: AnswerColumnNames, layout: Layout = .long, path: String, line: Int = 1
  ) throws(FileError) {
    let finder = Finder(header: header, path: path, line: line)
    switch layout {
    case .long:
      query = try finder.required("query", names.query)
      llm = try finder.required("llm", names.llm)
      score = try finder.required("score", names.score)
      cost = try finder.optional("cost", names.cost)
    case .wide(.queries):
      (llm, score, cost) = (nil, nil, nil)
      query = try finder.optional("query", names.query) ?? 0
    case .wide(.llms):
      (query, score, cost) = (nil, nil, nil)
      llm = try finder.optional("llm", names.llm) ?? 0
    }
    var isDescribed = true
    if case .wide(.llms) = layout { isDescribed = false }
    benchmark = isDescribed ? try finder.optional("benchmark", names.benchmark) : nil
    subscenario = isDescribed ? try finder.optional("subscenario", names.subscenario) : nil
    split = isDescribed ? try finder.optional("split", names.split) : nil
    prompt = isDescribed ? try finder.optional("prompt", names.prompt) : nil
    let meanings = [
      ("query", query), ("llm", llm), ("score", score), ("benchmark", benchmark),
      ("subscenario", subscenario),
      ("split", split), ("prompt", prompt), ("cost", cost),
    ]
    var owners: [Int: String] = [:]
    for case (let title, let column?) in meanings {
      if let other = owners.updateValue(title, forKey: column),
        (other, title) != ("benchmark", "subscenario")
      {
        throw FileError(
          path, at: .line(line),
          "column \(FileError.excerpt(header[column])) would be both \(other) and \(title): choose another with "
            + "--\(other)-column or --\(title)-column")
      }
    }
    others = header.indices.filter { owners[$0] == nil }
  }

  private struct Finder {
    let header: [String]
    let path: String
    let line: Int

    private func places(_ name: String) -> [Int] { header.indices.filter { Name(header[$0]) == Name(name) } }

    /// The column of a name that somebody chose.
    func chosen(_ title: String, _ name: String) throws(FileError) -> Int {
      let found = places(name)
      guard let place = found.first, found.count == 1 else {
        throw FileError(path, at: .line(line), "\(absence(found.count, name)) for --\(title)-column")
      }
      return place
    }

    /// The column of the usual name, unless another was chosen.
    func required(_ title: String, _ name: String?) throws(FileError) -> Int {
      if let name { return try chosen(title, name) }
      let found = places(title)
      guard let place = found.first, found.count == 1 else {
        let wide =
          title == "query" || header.count < 3 ? "" : "; if each column is an LLM or a query, see --wide"
        throw FileError(
          path, at: .line(line),
          "\(absence(found.count, title)): say which one it is with --\(title)-column\(wide)")
      }
      return place
    }

    /// The column of a name or of its plural; nil where there is neither and none was chosen.
    func optional(_ title: String, _ name: String?) throws(FileError) -> Int? {
      if let name { return try chosen(title, name) }
      let present = [title, title + "s"].filter { !places($0).isEmpty }
      guard let first = present.first else { return nil }
      guard present.count == 1 else {
        throw FileError(
          path, at: .line(line), "has both columns \(title) and \(title)s: rename one of them")
      }
      return try chosen(title, first)
    }

    private func absence(_ count: Int, _ name: String) -> String {
      let columns = header.prefix(12).map { FileError.excerpt($0) }.joined(separator: ", ")
      return "\(count == 0 ? "no column" : "\(count) columns") named \"\(FileError.excerpt(name))\"; it has "
        + "\(columns)\(header.count > 12 ? ", …" : "")"
    }
  }
}
