import FileFormats
import Foundation
import RoutingData

/// The log of a service: one row a pick, in the columns that `rs-debias import` reads.
///
/// Rows are appended and let out at once, so that a service that is killed has logged what it answered. Responses are
/// empty: nobody has graded the answers yet.
package final class PickLog {
  private let path: String
  private let handle: FileHandle
  private static let header = [
    "query", "llm", "response", "propensity", "candidates", "policy", "time", "cost",
  ]

  /// Opens a log, new or with rows that are kept.
  ///
  /// - Throws: `FileError` for a file that can't be written, or is no log of this kind.
  package init(path: String) throws(FileError) {
    self.path = path
    let header = CSVRow.text(Self.header)
    if !FileManager.default.fileExists(atPath: path) {
      try AtomicFile.write(header, to: path)
    } else {
      let bytes = try ByteRegion(mapping: path).array
      guard bytes.starts(with: Array(header.utf8)) else {
        throw FileError(
          path, at: .line(1),
          "is no log of rs-predict: its columns must be \(Self.header.joined(separator: ","))")
      }
      guard bytes.last == 0x0A else {
        throw FileError(path, "ends in the middle of a line: take the line away, or start another log")
      }
    }
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw FileError(path, "can't be written")
    }
    self.handle = handle
    do { try handle.seekToEnd() } catch {
      throw FileError(path, "can't be written: \(error.localizedDescription)")
    }
  }

  deinit { try? handle.close() }

  /// Adds a pick.
  ///
  /// `candidates` are the LLMs that it was chosen from; nil for too many to name.
  ///
  /// - Throws: `FileError` where the row can't be written; `DataError` where a candidate's name holds the bar between
  ///   candidates, so that the pick can't be logged.
  package func add(
    query: String, llm: String, propensity: Double, candidates: [String]?, policy: String, time: Double,
    cost: Double?
  ) throws {
    if let name = candidates?.first(where: { $0.utf8.contains(UInt8(ascii: "|")) }) {
      throw DataError("candidate '\(name)' holds a '|', which separates candidates in a log")
    }
    let row = CSVRow.text([
      query, llm, "", propensity.description, candidates?.joined(separator: "|") ?? "", policy,
      time.description, cost?.description ?? "",
    ])
    let start = try? handle.offset()
    do { try handle.write(contentsOf: Data(row.utf8)) } catch {
      // Half a row would make the whole log unreadable.
      if let start { try? handle.truncate(atOffset: start) }
      throw FileError(path, "can't be written: \(error.localizedDescription)")
    }
  }
}
