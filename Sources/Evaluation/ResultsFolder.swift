import FileFormats
import Foundation
import RoutingData

/// A folder that a run fills cell by cell, so that a run that was killed goes on where it stopped.
///
///     run.json                             the configuration
///     cells/<benchmark>/<m>_<group>.json   one file for each cell, as soon as it is done
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
  }

  /// The saved result of a cell; nil where it is not done yet.
  ///
  /// - Throws: `FileError` for a file that does not read or that belongs to another cell.
  func result(of cell: EvaluationCell) throws(FileError) -> CellResult? {
    let file = path(benchmark: cell.benchmark.name, size: cell.pool.size, group: cell.pool.group)
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let result = try JSONFile.read(CellResult.self, path: file)
    guard result.belongs(to: cell.benchmark.name),
      result.llms.map({ Name($0) }) == cell.pool.llms.map({ Name(cell.llmNames[$0]) }),
      result.group == cell.pool.group
    else { throw FileError(file, "is the result of another pool; remove it") }
    return result
  }

  /// Saves the result of a cell; safe from several threads for different cells.
  func save(_ result: CellResult) throws(FileError) {
    try folder.writeConfiguration()
    let file = path(benchmark: result.benchmark, size: result.size, group: result.group)
    try FolderCreation.make((file as NSString).deletingLastPathComponent)
    try JSONFile.write(result, to: file)
  }

  /// Writes the tables of a run whose cells are all done.
  func finish(_ result: GridResult) throws(FileError) {
    try folder.writeConfiguration()
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
}
