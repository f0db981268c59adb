import FileFormats
import RoutingData

/// The scores of a CSV file: a column for each LLM, a row for each query of the measured part, perhaps with its id.
struct ScoresTable: Sendable {
  private let reader: CSVReader
  private let rowCount: Int
  private let numbers: [Double]
  /// The column of query ids, if there is one, and what stands in it; its `numbers` are 0.
  private let idColumn: Int?
  private let ids: [String]

  /// Reads a file.
  ///
  /// - Throws: `FileError` naming the line of a field that is not a finite number.
  init(path: String) throws(FileError) {
    let reader = try CSVReader(path: path)
    let idName = IDFile.columnNames.first { reader.header.containsName($0) }
    let idColumn = try idName.map { name throws(FileError) in try reader.column(name) }
    var numbers: [Double] = []
    var ids: [String] = []
    try reader.forEachRow { (fields, line) throws(FileError) in
      for (column, field) in fields.enumerated() {
        if column == idColumn {
          ids.append(field)
          numbers.append(0)
          continue
        }
        guard let number = Double(field), number.isFinite else {
          throw FileError(
            path, at: .line(line),
            "the score '\(FileError.excerpt(field))' of LLM '\(FileError.excerpt(reader.header[column]))' is not a "
              + "finite number")
        }
        numbers.append(number)
      }
    }
    self.reader = reader
    self.numbers = numbers
    self.idColumn = idColumn
    self.ids = ids
    rowCount = numbers.count / max(reader.header.count, 1)
  }

  /// The scores of a pool, queries × LLMs in the pool's order.
  ///
  /// - Throws: `FileError` for a column that is missing, unknown or there twice, another number of rows, or ids of
  ///   other queries.
  func scores(of llms: [String], _ queries: MeasuredQueries) throws(FileError) -> ExactScores {
    let known = NameIndex(llms)
    for (column, name) in reader.header.enumerated() where column != idColumn && !known.contains(name) {
      throw FileError(reader.path, at: .line(1), "column '\(FileError.excerpt(name))' is no LLM of the pool")
    }
    var columns: [Int] = []
    for llm in llms { columns.append(try reader.column(llm)) }
    guard rowCount == queries.count else {
      throw FileError(
        reader.path, "\(rowCount) rows of scores, expected \(queries.count): \(queries.description)")
    }
    let scores = ExactScores(rows: rowCount, columns: reader.header.count, numbers: numbers)
      .selecting(columns: columns)
    guard idColumn != nil else { return scores }
    return scores.selecting(rows: try queries.places(in: ids) { FileError(reader.path, $0) })
  }
}
