import FileFormats
import Foundation
import Metrics
import RoutingData

/// A folder that a run fills cell by cell, so that a run that was killed goes on where it stopped.
///
///     run.json                             the configuration
///     cells/<benchmark>/<m>_<group>.json   one file for each cell, as soon as it is done
///     cells/<benchmark>/<m>_<group>.npz    what each router picked for each query, see `CellPicks`
///     results.csv                          a row for each cell and router, when all are done
///     skipped.json                         the cells that the data do not allow, when all are done
///
/// Nothing is written before the first cell is done, so that a run that is refused leaves nothing. Every file appears whole
/// or not at all. Equal runs give equal bytes, however often they stopped.
/// Names of benchmarks become names of folders, as they do in a dataset folder.
public struct ResultsFolder: Sendable {
  /// The folder's path.
  public var path: String { folder.path }
  private let folder: RunFolder<RunConfiguration>
  /// The names of the routers that the run gains; none for a run that is made.
  private let gained: [String]

  static let tableName = "results.csv"
  static let skippedName = "skipped.json"

  /// Begins a run in a new or empty folder, or goes on with the run of the same configuration.
  ///
  /// What a killed run left half-written is removed.
  ///
  /// - Throws: `FileError` for a folder of something else or of another run, naming how they differ, or
  ///   one that another process works in.
  public init(_ path: String, configuration: RunConfiguration) throws(FileError) {
    folder = try RunFolder(path, configuration: configuration)
    gained = []
  }

  /// What decided the results in a folder, without working in it.
  ///
  /// - Throws: `FileError` for a folder that is not there or of something else.
  public static func configuration(in path: String) throws(FileError) -> RunConfiguration {
    try RunFolder<RunConfiguration>.configuration(in: path)
  }

  /// Goes on with a run whose cells are all done, which gains routers behind its own.
  ///
  /// - Parameters:
  ///   - names: how the new routers are called in results.
  ///   - configuration: that of a run of the new routers alone.
  /// - Throws: `FileError` for a folder of something else, of a run that differs in more than its routers, that is not
  ///   finished, or that an earlier version made, without the picks of each query.
  public init(_ path: String, gaining names: [String], configuration: RunConfiguration) throws(FileError) {
    let known = try RunFolder<RunConfiguration>.configuration(in: path)
    let new = configuration.routers
    let earlier = known.routers(before: new)
    let before = known.with(earlier, encoder: configuration.encoder)
    let differences = configuration.with(earlier, encoder: known.encoder).differences(from: before)
    guard known.datasetHash == configuration.datasetHash else {
      throw FileError(path, "is a run on another dataset: give the one that it was made on")
    }
    guard differences != ["costs"] else {
      throw FileError(
        path,
        known.costs.map { "was made with other costs than these: give those of '\($0.source)' by --costs" }
          ?? "was made without costs: leave --costs out")
    }
    guard differences.isEmpty else {
      throw FileError(
        path,
        "holds another run: \(differences.joined(separator: ", ")) differ; leave these options out, and they are the run's"
      )
    }
    let after = known.with(earlier + new, encoder: configuration.encoder)
    if known.routers.count == after.routers.count,
      let changed = zip(known.routers, after.routers).first(where: !=)
    {
      throw FileError(
        path,
        "has router '\(changed.0.router)' of another model or file already: name the new one, as in "
          + "'mine=\(changed.0.router)'")
    }
    folder = try RunFolder(path, configuration: known).becoming(after)
    gained = names
    try requireCells(of: earlier.count)
  }

  /// Throws unless every cell that the data allow has at least so many routers, and the picks of each.
  private func requireCells(of count: Int) throws(FileError) {
    let files = FileManager.default
    let skippedFile = "\(path)/\(Self.skippedName)"
    let skipped =
      files.fileExists(atPath: skippedFile) ? try JSONFile.read([SkippedCell].self, path: skippedFile) : []
    let left = Set(skipped.map { CellPlace($0) })
    for place in CellPlace.all(of: folder.configuration) where !left.contains(place) {
      let file = place.file(in: path)
      guard files.fileExists(atPath: file) else {
        throw FileError(
          path,
          "is a run that is not finished: finish it with the same options and --routers, then add routers")
      }
      let routers = try JSONFile.read(CellResult.self, path: file).routers
      guard routers.count == count || routers.count == folder.configuration.routers.count else {
        throw FileError(
          file,
          "has \(routers.count) routers, expected \(count): finish first what was being added with --add-routers"
        )
      }
      guard files.fileExists(atPath: Self.picksPath(ofCell: file)) else { throw Self.hasNoPicks(file) }
    }
  }

  /// What is said of a cell that an earlier version of the program evaluated.
  static func hasNoPicks(_ file: String) -> FileError {
    FileError(
      file,
      "has no picks of each query (\((picksPath(ofCell: file) as NSString).lastPathComponent)) beside it, as runs of "
        + "earlier versions have none: evaluate again, with 'rs-eval benchmark' and another --output")
  }

  /// The saved result of a cell; nil where it is not done yet, or lacks routers that the run gains.
  ///
  /// - Throws: `FileError` for a file that does not read, that belongs to another cell or that lacks routers of a run that
  ///   gains none.
  func result(of cell: EvaluationCell) throws(FileError) -> CellResult? {
    guard let result = try saved(cell) else { return nil }
    if hasAll(result) { return result }
    guard gained.isEmpty else { return nil }
    throw FileError(
      file(of: cell), "lacks routers: the run was gaining some, which goes on with --add-routers")
  }

  /// What the routers of a cell picked whose result is saved.
  ///
  /// - Throws: `FileError` for a cell that an earlier version evaluated, without them, or a damaged file.
  func picks(of cell: EvaluationCell) throws(FileError) -> CellPicks {
    let file = file(of: cell)
    guard let result = try saved(cell) else { throw Self.hasNoPicks(file) }
    let picks = try Self.picks(of: result, inFile: file)
    guard picks.queries.allSatisfy((0..<cell.benchmark.queries.count).contains) else {
      throw Self.areOfAnother(Self.picksPath(ofCell: file))
    }
    return picks
  }

  /// The picks beside a cell's result, which must be of its routers and as many queries.
  ///
  /// - Parameter allowsMore: whether the picks may be of further routers, as where a run was killed that gained some.
  /// - Throws: `FileError` for picks that are not there, damaged, or of another cell.
  static func picks(
    of result: CellResult, inFile file: String, allowsMore: Bool = false
  ) throws(FileError) -> CellPicks {
    let path = picksPath(ofCell: file)
    guard FileManager.default.fileExists(atPath: path) else { throw hasNoPicks(file) }
    let picks = try CellPicks(path: path, candidates: result.llms.count)
    let (names, expected) = (picks.routers.map { Name($0.router) }, result.routers.map { Name($0.name) })
    guard (allowsMore ? Array(names.prefix(expected.count)) : names) == expected,
      picks.queries.count == result.queryCount
    else { throw areOfAnother(path) }
    return picks
  }

  private static func areOfAnother(_ path: String) -> FileError {
    FileError(path, "is of other routers or queries than the cell's result beside it: evaluate again")
  }

  /// What is known of a cell that lacks routers which the run gains; nil for a cell without a result.
  ///
  /// - Throws: `FileError` for files that do not read or that are of other queries or routers than the cell.
  func earlier(of cell: EvaluationCell, _ pool: PoolResponses) throws(FileError) -> CellResult.Earlier? {
    guard !gained.isEmpty, let result = try saved(cell) else { return nil }
    let file = file(of: cell)
    let picks = try Self.picks(of: result, inFile: file, allowsMore: true)
    do throws(DataError) {
      return CellResult.Earlier(result, routed: Array(try picks.routed(pool).prefix(result.routers.count)))
    } catch {
      throw FileError(Self.picksPath(ofCell: file), error.description)
    }
  }

  /// Whether a result has all routers of the run.
  private func hasAll(_ result: CellResult) -> Bool {
    gained.isEmpty
      ? result.routers.count >= folder.configuration.routers.count
      : gained.allSatisfy { result.router(named: $0) != nil }
  }

  private func saved(_ cell: EvaluationCell) throws(FileError) -> CellResult? {
    let file = file(of: cell)
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let result = try JSONFile.read(CellResult.self, path: file)
    guard result.belongs(to: cell.benchmark.name),
      result.llms.map({ Name($0) }) == cell.pool.llms.map({ Name(cell.llmNames[$0]) }),
      result.group == cell.pool.group
    else { throw FileError(file, "is the result of another pool; remove it") }
    return result
  }

  private func file(of cell: EvaluationCell) -> String {
    path(benchmark: cell.benchmark.name, size: cell.pool.size, group: cell.pool.group)
  }

  /// Saves the result of a cell; safe from several threads for different cells.
  func save(_ result: CellResult, _ picks: CellPicks) throws(FileError) {
    try begin()
    let file = path(benchmark: result.benchmark, size: result.size, group: result.group)
    try FolderCreation.make((file as NSString).deletingLastPathComponent)
    // The picks first: a result says that its cell is done.
    try picks.write(to: Self.picksPath(ofCell: file))
    try JSONFile.write(result, to: file)
  }

  /// Says what run it is; one that gains routers is no finished run any more.
  private func begin() throws(FileError) {
    guard !folder.isConfigurationWritten else { return }
    if !gained.isEmpty { try? FileManager.default.removeItem(atPath: "\(path)/\(Self.tableName)") }
    try folder.writeConfiguration()
  }

  /// Writes the tables of a run whose cells are all done.
  func finish(_ result: GridResult) throws(FileError) {
    try begin()
    try JSONFile.write(result.skipped, to: "\(path)/\(Self.skippedName)")
    try AtomicFile.write(ResultTable.csv(result.cells), to: "\(path)/\(Self.tableName)")
  }

  private func path(benchmark: String, size: Int, group: CandidateGroup) -> String {
    Self.cellPath(in: path, benchmark: benchmark, size: size, group: group.rawValue)
  }

  /// Where the result of a cell stands in a results folder.
  static func cellPath(in folder: String, benchmark: String, size: Int, group: String) -> String {
    "\(folder)/cells/\(benchmark)/\(size)_\(group).json"
  }

  /// Where the picks of a cell stand whose result is a file.
  static func picksPath(ofCell file: String) -> String { String(file.dropLast(".json".utf8.count)) + ".npz" }
}
