import FileFormats
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
      picks.append(try ResultsFolder.picks(of: cell, inFile: CellPlace(cell).file(in: run.path)))
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
