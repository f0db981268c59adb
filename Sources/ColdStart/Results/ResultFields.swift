import FileFormats
import RoutingData

/// One line of a table of results; its fields are checked as they are taken.
struct ResultFields {
  let path: String
  let line: Int
  let fields: [String]

  /// Reads the lines of a table that has exactly these columns.
  ///
  /// - Throws: `FileError` for other columns; what `use` throws.
  static func forEach(
    _ path: String, columns: [String], of what: String, _ use: (ResultFields) throws(FileError) -> Void
  ) throws(FileError) {
    let reader = try CSVReader(path: path)
    guard reader.header == columns else {
      throw FileError(
        path, at: .line(1), "is no table of \(what); expected \(columns.joined(separator: ","))")
    }
    try reader.forEachRow { (fields, line) throws(FileError) in
      try use(ResultFields(path: path, line: line, fields: fields))
    }
  }

  /// The text of a column.
  subscript(_ column: Int) -> String { fields[column] }

  /// A benchmark's name; benchmarks become names of files.
  func benchmark(_ column: Int) throws(FileError) -> String {
    guard DatasetPaths.isName(fields[column]) else { throw error(column, "is no benchmark's name") }
    return fields[column]
  }

  /// A number from 0 on, `what` in words.
  func count(_ column: Int, of what: String) throws(FileError) -> Int {
    guard let count = Int(fields[column]), count >= 0 else { throw error(column, "is no number of \(what)") }
    return count
  }

  /// A number in [0, 1].
  func share(_ column: Int) throws(FileError) -> Double {
    guard let share = Double(fields[column]), share >= 0, share <= 1 else {
      throw error(column, "is not a number in [0, 1]")
    }
    return share
  }

  /// A finite number from 0 on; nil for an empty field.
  func number(_ column: Int) throws(FileError) -> Double? {
    guard !fields[column].isEmpty else { return nil }
    guard let number = Double(fields[column]), number.isFinite, number >= 0 else {
      throw error(column, "is not a number from 0 on, nor empty")
    }
    return number
  }

  /// An error that names the field.
  private func error(_ column: Int, _ reason: String) -> FileError {
    FileError(path, at: .line(line), "'\(FileError.excerpt(fields[column]))' \(reason)")
  }
}
