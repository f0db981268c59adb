import FileFormats
import Foundation
import Metrics

/// A finished run with what each router picked for each query.
public struct ComparedRun: Sendable {
  /// The run.
  public let run: FinishedRun
  /// The picks of each of its cells.
  package let picks: [CellPicks]

  /// Reads the picks of a run.
  ///
  /// - Throws: `FileError` for a run that an earlier version made, without them, or files that are damaged or of other
  ///   routers or queries than the cell.
  public init(_ run: FinishedRun) throws(FileError) {
    var picks: [CellPicks] = []
    for cell in run.cells {
      let file = CellPlace(cell).file(in: run.path)
      let path = ResultsFolder.picksPath(ofCell: file)
      guard FileManager.default.fileExists(atPath: path) else { throw ResultsFolder.hasNoPicks(file) }
      let own = try CellPicks(path: path, candidates: cell.llms.count)
      guard own.routers.map({ Name($0.router) }) == cell.routers.map({ Name($0.name) }),
        own.queries.count == cell.queryCount
      else {
        throw FileError(
          path, "is of other routers or queries than the cell's result beside it: evaluate again")
      }
      picks.append(own)
    }
    self.run = run
    self.picks = picks
  }

  /// The names of the routers that every cell has, in order.
  public var routers: [String] { run.cells[0].routers.map(\.name) }

  /// What a router did in a cell; nil where the run has no such router.
  func picks(of router: String, cell: Int) -> RouterPicks? {
    picks[cell].routers.first { Name($0.router) == Name(router) }
  }
}
