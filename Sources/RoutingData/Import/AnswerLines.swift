import FileFormats

/// Graded answers in JSON Lines: an object an answer, with the keys that a table has as columns.
enum AnswerLines {
  /// A value that may stand in a table's field; others have no text.
  private enum Field: Decodable {
    case text(String)
    case missing
    case nested
    /// A whole number of which a reader of JSON keeps the first sixteen digits only.
    case inexact

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .missing
      } else if let flag = try? value.decode(Bool.self) {
        self = .text(flag ? "True" : "False")
      } else if let text = try? value.decode(String.self) {
        self = .text(text)
      } else if let whole = try? value.decode(Int.self) {
        self = .text(String(whole))
      } else if let whole = try? value.decode(UInt64.self) {
        self = .text(String(whole))
      } else if let number = try? value.decode(Double.self) {
        self = abs(number) < 0x1p53 ? .text("\(number)") : .inexact
      } else {
        self = .nested
      }
    }

    /// The text as a table would have it.
    var text: String? {
      switch self {
      case .text(let text): text
      case .missing: ""
      case .nested, .inexact: nil
      }
    }
  }

  /// The meaning of each key, in one order for all lines.
  private struct Keys {
    let query: String
    let llm: String
    let score: String
    let cost: String?
    /// The keys of benchmark, sub-scenario, split and prompt.
    let described: [String?]
    let unused: [String]
  }

  /// Reads all lines; the first one says which keys there are.
  ///
  /// - Returns: the answers, and the keys without a meaning.
  /// - Throws: `FileError`, with the line, for a line that is no object, lacks a key that the first one has, or whose value is
  ///   no text, number or truth value.
  static func read(
    _ region: ByteRegion, path: String, options: ImportOptions
  ) throws(FileError) -> (columns: AnswerColumns, unused: [String]) {
    var keys: Keys?
    var (queries, llms) = (CodedColumn.Builder(), CodedColumn.Builder())
    var described: [CodedColumn.Builder] = []
    var scores: [Float] = []
    var costs: [Float] = []
    let reading = Grade.reading(scale: options.scale)
    try JSONLines.forEach([String: Field].self, region: region, path: path) {
      (fields, line) throws(FileError) in
      let known: Keys
      if let keys {
        known = keys
      } else {
        known = try self.keys(fields, names: options.columns, path: path, line: line)
        described = known.described.map { _ in CodedColumn.Builder() }
        keys = known
      }
      func text(_ key: String) throws(FileError) -> String {
        guard let field = fields[key] else {
          throw FileError(path, at: .line(line), "\"\(FileError.excerpt(key))\" is missing")
        }
        if case .inexact = field {
          throw FileError(
            path, at: .line(line),
            "\"\(FileError.excerpt(key))\" is a number beyond 2^53, of which digits would be lost: write it as a text"
          )
        }
        guard let text = field.text else {
          throw FileError(
            path, at: .line(line), "\"\(FileError.excerpt(key))\" is neither a text nor a number")
        }
        return text
      }
      let score = try text(known.score)
      guard let value = reading.value(of: score) else {
        throw FileError(path, at: .line(line), Grade.refusal(score, scale: options.scale))
      }
      queries.append(try text(known.query))
      llms.append(try text(known.llm))
      scores.append(value)
      if known.cost == nil,
        let late = (options.columns.cost.map { [$0] } ?? ["cost", "costs"]).first(where: { fields[$0] != nil }
        )
      {
        throw FileError(
          path, at: .line(line),
          "\"\(FileError.excerpt(late))\" is on no line before: give it on the first line too, empty where it is not known"
        )
      }
      if let key = known.cost {
        // A cost that is not known may be left out.
        let text = fields[key] == nil ? "" : try text(key)
        guard let cost = AnswerCost.reading.value(of: text) else {
          throw FileError(path, at: .line(line), AnswerCost.refusal(text))
        }
        costs.append(cost)
      }
      for (place, key) in known.described.enumerated() {
        guard let key else { continue }
        // A query's text may stand on one of its lines only.
        described[place].append(place == 3 && fields[key] == nil ? "" : try text(key))
      }
    }
    guard let keys else { throw FileError(path, "has no lines") }
    var columns = AnswerColumns(
      path: path, queries: queries.column, llms: llms.column, scores: scores, scale: options.scale
    ) { (row) throws(FileError) in try origin(row, region, path: path, keys: keys) }
    columns.costs = keys.cost.map { _ in costs }
    let texts = zip(keys.described, described).map { $0 == nil ? nil : $1.column }
    (columns.benchmarks, columns.subscenarios) = (texts[0], texts[1])
    (columns.splits, columns.prompts) = (texts[2], texts[3])
    columns.titles = AnswerColumns.Titles(
      query: keys.query, llm: keys.llm, benchmark: keys.described[0] ?? "benchmark")
    return (columns, keys.unused)
  }

  private static func keys(
    _ fields: [String: Field], names: AnswerColumnNames, path: String, line: Int
  ) throws(FileError) -> Keys {
    let all = fields.keys.sortedAsNames()
    let header = try AnswerHeader(all, names: names, path: path, line: line)
    return Keys(
      query: all[header.query ?? 0], llm: all[header.llm ?? 0], score: all[header.score ?? 0],
      cost: header.cost.map { all[$0] },
      described: [header.benchmark, header.subscenario, header.split, header.prompt].map {
        $0.map { all[$0] }
      },
      unused: header.others.map { all[$0] })
  }

  /// Reads the file again to find a row.
  private static func origin(
    _ row: Int, _ region: ByteRegion, path: String, keys: Keys
  ) throws(FileError) -> AnswerColumns.Origin {
    var (place, found) = (0, AnswerColumns.Origin(path: path, line: 1, score: ""))
    try JSONLines.forEach([String: Field].self, region: region, path: path) {
      (fields, line) throws(FileError) in
      if place == row {
        found = AnswerColumns.Origin(
          path: path, line: line, score: fields[keys.score]?.text ?? "",
          cost: keys.cost.flatMap { fields[$0]?.text } ?? "")
      }
      place += 1
    }
    return found
  }
}
