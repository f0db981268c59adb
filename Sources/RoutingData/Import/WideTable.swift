import FileFormats

/// What each row of a wide table is; each other column then is one of the other kind.
public enum WideRows: String, CaseIterable, Sendable {
  /// A row is a query, a column an LLM.
  case queries
  /// A row is an LLM, a column a query.
  case llms
}

/// A wide table of answers: one row a query and one column an LLM, or the other way round.
struct WideTable {
  let reader: CSVReader
  let rows: WideRows
  let header: AnswerHeader

  init(_ reader: CSVReader, rows: WideRows, names: AnswerColumnNames) throws(FileError) {
    self.reader = reader
    self.rows = rows
    header = try AnswerHeader(reader.header, names: names, layout: .wide(rows), path: reader.path)
    let titles = header.others.map { reader.header[$0] }
    let kind = rows == .queries ? "LLM" : "query"
    guard !titles.isEmpty else {
      throw FileError(reader.path, at: .line(1), "has no column of an \(kind) beside the names of the rows")
    }
    if titles.containsName("") {
      throw FileError(reader.path, at: .line(1), "a column has no name, expected that of an \(kind)")
    }
    if let name = NameIndex.repeated(in: titles) {
      throw FileError(reader.path, at: .line(1), "\(kind) '\(FileError.excerpt(name))' has two columns")
    }
  }

  /// What was taken for what.
  func note(_ columns: AnswerColumns) -> String {
    let counts = "\(columns.queries.names.count) queries and \(columns.llms.names.count) LLMs"
    return rows == .queries
      ? "\(reader.path): wide: each row is a query and each column an LLM, \(counts)"
      : "\(reader.path): wide: each row is an LLM and each column a query, \(counts)"
  }

  /// The answers of all cells.
  func read(options: ImportOptions) throws(FileError) -> AnswerColumns {
    let described = [header.benchmark, header.subscenario, header.split, header.prompt]
    let progress = RowProgress(total: reader.byteCount, report: options.progress)
    let id = header.query ?? header.llm ?? 0
    let width = header.others.count
    let (named, scores) = try reader.columns(
      named: [id] + described.compactMap { $0 }, numbers: header.others,
      as: Grade.reading(scale: options.scale)
    ) { progress.advance($0) }
    let ids = named[0]
    let columns = CodedColumn(
      names: header.others.map { reader.header[$0] },
      codes: ids.codes.indices.flatMap { _ in (0..<width).map { UInt32($0) } })
    func spread(_ column: CodedColumn) -> CodedColumn {
      CodedColumn(names: column.names, codes: column.codes.flatMap { repeatElement($0, count: width) })
    }
    let (table, others) = (reader, header.others)
    var result = AnswerColumns(
      path: reader.path, queries: rows == .queries ? spread(ids) : columns,
      llms: rows == .queries ? columns : spread(ids), scores: scores, scale: options.scale
    ) { (row) throws(FileError) in
      guard let (fields, line) = try table.row(row / width) else {
        throw FileError(table.path, "the file changed while it was read")
      }
      return AnswerColumns.Origin(
        path: table.path, line: line, score: fields[others[row % width]],
        column: table.header[others[row % width]])
    }
    var rest = named.dropFirst().map { spread($0) }[...]
    let texts = described.map { $0 == nil ? nil : rest.popFirst() }
    (result.benchmarks, result.subscenarios) = (texts[0], texts[1])
    (result.splits, result.prompts) = (texts[2], texts[3])
    return result
  }
}
