import FileFormats
import Metrics

/// What one router earned more than another for each query of each cell.
struct ComparedCells {
  /// The cells, in the order of the first router's run.
  let cells: [BenchmarkDifferences.Cell]

  /// Matches the cells of a pair.
  ///
  /// - Throws: `FileError` for a router that a run does not have, or runs whose data, cells, pools or queries differ.
  init(_ pair: RouterComparison.Pair) throws(FileError) {
    let (first, second) = (pair.first, pair.second)
    let (one, other) = (first.run.run, second.run.run)
    guard one.configuration.datasetHash == other.configuration.datasetHash else {
      throw FileError(other.path, "is a run on another dataset than \(one.path): they can't be compared")
    }
    guard one.configuration.measured == other.configuration.measured else {
      throw FileError(
        other.path,
        "was measured on \(other.configuration.measured.rawValue) queries, \(one.path) on "
          + "\(one.configuration.measured.rawValue) queries: they can't be compared")
    }
    let places = Dictionary(uniqueKeysWithValues: other.cells.enumerated().map { (CellPlace($1), $0) })
    guard places.count == one.cells.count else {
      throw FileError(
        other.path,
        "has \(places.count) cells, \(one.path) has \(one.cells.count): compare runs of the same cells")
    }
    var cells: [BenchmarkDifferences.Cell] = []
    for (index, cell) in one.cells.enumerated() {
      let words = "benchmark '\(cell.benchmark)', m = \(cell.size), \(cell.group.rawValue)"
      guard let place = places[CellPlace(cell)] else {
        throw FileError(other.path, "has no cell \(words), as \(one.path) has")
      }
      let (own, their) = (first.run.picks[index], second.run.picks[place])
      guard cell.llms.map({ Name($0) }) == other.cells[place].llms.map({ Name($0) }),
        own.queries == their.queries
      else { throw FileError(other.path, "has another pool or other queries in \(words) than \(one.path)") }
      let left = try Self.picks(first, cell: index)
      let right = try Self.picks(second, cell: place)
      cells.append(
        BenchmarkDifferences.Cell(
          queries: own.queries, strata: own.strata, gains: zip(left.rewards, right.rewards).map { $0 - $1 },
          isIdentity: left.picks == right.picks))
    }
    self.cells = cells
  }

  private static func picks(_ side: RouterComparison.Side, cell: Int) throws(FileError) -> RouterPicks {
    guard let picks = side.run.picks(of: side.router, cell: cell) else {
      throw FileError(
        side.run.run.path,
        "has no router '\(FileError.excerpt(side.router))'; it has \(side.run.routers.joined(separator: ", "))"
      )
    }
    return picks
  }
}
