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
  /// The columns of LLMs or queries.
  private let cells: [Int]
  /// The column of the costs of each of them, where there is one.
  private let costs: [Int?]

  init(_ reader: CSVReader, rows: WideRows, names: AnswerColumnNames) throws(FileError) {
    self.reader = reader
    self.rows = rows
    header = try AnswerHeader(reader.header, names: names, layout: .wide(rows), path: reader.path)
    (cells, costs) = try Self.parted(header.others, reader, ending: names.costSuffix)
    let titles = cells.map { [reader] in reader.header[$0] }
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

  /// The columns of grades, and that of the costs of each.
  ///
  /// - Throws: `FileError` for an ending of no column, or a column of costs without its LLM's.
  private static func parted(
    _ columns: [Int], _ reader: CSVReader, ending: String?
  ) throws(FileError) -> (cells: [Int], costs: [Int?]) {
    guard let ending, !ending.isEmpty else { return (columns, columns.map { _ in nil }) }
    let end = Array(ending.utf8)
    var cells: [Int] = []
    var costs: [Name: Int] = [:]
    for column in columns {
      let title = reader.header[column]
      guard title.utf8.count > end.count, title.utf8.suffix(end.count).elementsEqual(end) else {
        cells.append(column)
        continue
      }
      let name = String(decoding: title.utf8.dropLast(end.count), as: UTF8.self)
      guard costs.updateValue(column, forKey: Name(name)) == nil else {
        throw FileError(reader.path, at: .line(1), "there are two columns '\(FileError.excerpt(title))'")
      }
    }
    guard !costs.isEmpty else {
      throw FileError(
        reader.path, at: .line(1), "no column ends in '\(FileError.excerpt(ending))', as --cost-suffix says")
    }
    let names = NameIndex(cells.map { reader.header[$0] })
    for column in costs.values.sorted() {
      let title = reader.header[column]
      guard names.contains(String(decoding: title.utf8.dropLast(end.count), as: UTF8.self)) else {
        throw FileError(
          reader.path, at: .line(1),
          "column '\(FileError.excerpt(title))' holds the costs of no LLM of the table: leave it out, or see --cost-suffix"
        )
      }
    }
    return (cells, cells.map { costs[Name(reader.header[$0])] })
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
    let width = cells.count
    let (named, numbers) = try reader.columns(
      named: [id] + described.compactMap { $0 },
      numbers: [
        NumberColumns(cells, as: Grade.reading(scale: options.scale)),
        NumberColumns(costs.compactMap(\.self), as: AnswerCost.reading),
      ]
    ) { progress.advance($0) }
    let ids = named[0]
    let columns = CodedColumn(
      names: cells.map { reader.header[$0] },
      codes: ids.codes.indices.flatMap { _ in (0..<width).map { UInt32($0) } })
    func spread(_ column: CodedColumn) -> CodedColumn {
      CodedColumn(names: column.names, codes: column.codes.flatMap { repeatElement($0, count: width) })
    }
    let (table, cells, costs) = (reader, cells, costs)
    var result = AnswerColumns(
      path: reader.path, queries: rows == .queries ? spread(ids) : columns,
      llms: rows == .queries ? columns : spread(ids), scores: numbers[0], scale: options.scale
    ) { (row) throws(FileError) in
      guard let (fields, line) = try table.row(row / width) else {
        throw FileError(table.path, "the file changed while it was read")
      }
      return AnswerColumns.Origin(
        path: table.path, line: line, score: fields[cells[row % width]],
        cost: costs[row % width].map { fields[$0] } ?? "", column: table.header[cells[row % width]])
    }
    if costs.contains(where: { $0 != nil }) {
      var known = numbers[1][...]
      result.costs = ids.codes.indices.flatMap { _ in
        costs.map { $0 == nil ? .nan : known.popFirst() ?? .nan }
      }
    }
    var rest = named.dropFirst().map { spread($0) }[...]
    let texts = described.map { $0 == nil ? nil : rest.popFirst() }
    (result.benchmarks, result.subscenarios) = (texts[0], texts[1])
    (result.splits, result.prompts) = (texts[2], texts[3])
    return result
  }
}
