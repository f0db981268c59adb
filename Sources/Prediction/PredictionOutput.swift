import FileFormats

/// Where predictions go, query by query.
package protocol PredictionOutput: AnyObject {
  /// Takes what is said of one query of a batch, whose pick is a column.
  ///
  /// - Throws: where it can't be written.
  func add(_ predictions: Predictions, row: Int, query: String, pick: Int) throws
}

/// Predictions as rows of text, given on as they come.
package final class PredictionLines: PredictionOutput {
  private let table: PredictionTable
  private let write: (String) throws -> Void
  private var hasHeader = false

  /// Rows of a table, handed to a closure.
  package init(_ table: PredictionTable, write: @escaping (String) throws -> Void) {
    self.table = table
    self.write = write
  }

  package func add(_ predictions: Predictions, row: Int, query: String, pick: Int) throws {
    if !hasHeader { try write(table.header) }
    hasHeader = true
    try write(table.lines(predictions, row: row, query: query, pick: pick))
  }
}

extension PredictionLines {
  /// Writes rows into a file, whole or not at all, while a closure adds them.
  ///
  /// - Throws: `FileError` where the file can't be written; what the closure throws, and no file is there then.
  package static func write(
    _ table: PredictionTable, to path: String, _ body: (PredictionLines) throws -> Void
  ) throws {
    var failure: (any Error)?
    do throws(FileError) {
      try AtomicFile.write(to: path) { sink throws(FileError) in
        do {
          try body(PredictionLines(table) { try sink.write($0) })
        } catch let error as FileError {
          throw error
        } catch {
          failure = error
          throw FileError(path, "is not written: \(error)")
        }
      }
    } catch { throw failure ?? error }
  }
}
