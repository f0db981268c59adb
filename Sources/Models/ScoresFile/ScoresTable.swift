import FileFormats
import RoutingData

/// The scores of a CSV file: a column for each LLM, a row for each query of the measured part.
struct ScoresTable: Sendable {
  private let reader: CSVReader
  private let rowCount: Int
  private let numbers: [Double]

  /// Reads a file.
  ///
  /// - Throws: `FileError` naming the line of a field that is not a finite number.
  init(path: String) throws(FileError) {
    let reader = try CSVReader(path: path)
    var numbers: [Double] = []
    try reader.forEachRow { (fields, line) throws(FileError) in
      for (column, field) in fields.enumerated() {
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
    rowCount = numbers.count / max(reader.header.count, 1)
  }

  /// The scores of a pool, queries × LLMs in the pool's order.
  ///
  /// - Throws: `FileError` for a column that is missing, unknown or there twice, or another number of rows.
  func scores(
    of llms: [String], benchmark: String, _ part: SplitPart, _ queryCount: Int
  ) throws(FileError) -> ExactScores {
    let known = NameIndex(llms)
    if let stranger = reader.header.first(where: { !known.contains($0) }) {
      throw FileError(
        reader.path, at: .line(1), "column '\(FileError.excerpt(stranger))' is no LLM of the pool")
    }
    var columns: [Int] = []
    for llm in llms { columns.append(try reader.column(llm)) }
    guard rowCount == queryCount else {
      throw FileError(
        reader.path,
        "\(rowCount) rows of scores, expected \(queryCount): the \(part.name) queries of benchmark "
          + "'\(benchmark)'")
    }
    return ExactScores(rows: rowCount, columns: reader.header.count, numbers: numbers)
      .selecting(columns: columns)
  }
}
