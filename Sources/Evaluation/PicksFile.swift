import FileFormats
import Foundation
import Metrics
import RoutingData
import Synchronization

/// What every router picked for every measured query, as a table for other programs.
///
/// A row for each cell, router, query and LLM with a chance to be picked: one a query, or several where a router shares its picks.
/// The name's ending chooses: `.csv` or `.jsonl`.
public final class PicksFile: Sendable {
  /// How rows are written.
  private enum Form {
    case csv
    case jsonLines
  }

  /// The path.
  public let path: String
  private let form: Form
  /// Keeps other processes out.
  private let lock: FileLock
  private let cells = Mutex<[(cell: EvaluationCell, picks: CellPicks)]>([])

  /// A file by its path, which nothing is written to yet.
  ///
  /// - Parameters:
  ///   - inputs: what is read meanwhile, which must not be written into.
  ///   - replacing: whether a file that is there is replaced.
  /// - Throws: `FileError` for another ending, a file that is there and may not be replaced, or one that another process is
  ///   writing.
  public init(_ path: String, inputs: [String], replacing: Bool) throws(FileError) {
    self.path = path
    guard path.hasSuffix(".csv") || path.hasSuffix(".jsonl") else {
      throw FileError(path, "is no name for picks: expected one that ends in .csv or .jsonl")
    }
    form = path.hasSuffix(".csv") ? .csv : .jsonLines
    lock = try FileLock(output: path, inputs: inputs)
    guard replacing || !FileManager.default.fileExists(atPath: path) else {
      throw FileError(path, "exists already: replace it with --overwrite, or choose another name")
    }
  }

  /// Keeps the picks of a cell until they are written; from any thread.
  public func add(_ cell: EvaluationCell, _ picks: CellPicks) { cells.withLock { $0.append((cell, picks)) } }

  /// Writes the picks of the cells that were kept, in the order of a plan.
  ///
  /// - Throws: `FileError`; a file that was there then stays.
  public func write(inOrderOf plan: GridPlan) throws(FileError) {
    let known = cells.withLock { $0 }
    let places = Dictionary(known.indices.map { (Self.place(known[$0].cell), $0) }) { first, _ in first }
    let ordered = plan.cells.compactMap { places[Self.place($0)] }.map { known[$0] }
    try AtomicFile.write(to: path) { sink throws(FileError) in
      try rows(of: ordered) { text throws(FileError) in try sink.write(text) }
    }
  }

  private static func place(_ cell: EvaluationCell) -> CellPlace {
    CellPlace(benchmark: cell.benchmark.name, size: cell.pool.size, group: cell.pool.group.rawValue)
  }

  /// One row.
  private struct Row: Encodable {
    let benchmark: String
    let query: String
    let part: String
    let size: Int
    let group: String
    let router: String
    let llm: String
    let response: Float
    let best: Float
    let probability: Float

    enum CodingKeys: String, CodingKey, CaseIterable {
      case benchmark, query, part
      case size = "m"
      case group, router, llm, response
      case best = "best_response"
      case probability
    }

    var csv: String {
      let fields = [
        benchmark, query, part, "\(size)", group, router, llm, "\(response)", "\(best)", "\(probability)",
      ]
      return fields.map(ResultTable.quoted).joined(separator: ",") + "\n"
    }
  }

  private func rows(
    of cells: [(cell: EvaluationCell, picks: CellPicks)], _ write: (String) throws(FileError) -> Void
  ) throws(FileError) {
    if form == .csv { try write(Row.CodingKeys.allCases.map(\.rawValue).joined(separator: ",") + "\n") }
    var known: (benchmark: Name, ids: [String]?)?
    for (cell, picks) in cells {
      let name = Name(cell.benchmark.name)
      if known?.benchmark != name { known = (name, try cell.benchmark.loadIDs()) }
      let ids = picks.queries.map { query in known?.ids.map { $0[query] } ?? "\(query)" }
      let responses = cell.benchmark.responses.selecting(queries: picks.queries)
        .selecting(llms: cell.pool.llms).dense()
      for router in picks.routers {
        let chances = router.matrix(candidates: cell.pool.size)
        var text = ""
        for query in ids.indices {
          let best = responses.row(query).filter { !$0.isNaN }.max() ?? 0
          for column in 0..<chances.columns where chances[query, column] > 0 {
            let row = Row(
              benchmark: cell.benchmark.name, query: ids[query], part: cell.measured.rawValue,
              size: cell.pool.size, group: cell.pool.group.rawValue, router: router.router,
              llm: cell.llmNames[cell.pool.llms[column]], response: responses[query, column], best: best,
              probability: chances[query, column])
            text += try form == .csv ? row.csv : JSONLines.line(row, path: path)
          }
        }
        try write(text)
      }
    }
  }
}
