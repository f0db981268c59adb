import FileFormats
import Foundation

/// A run whose cells are all done, read from its results folder.
public struct FinishedRun: Sendable {
  /// The results folder.
  public let path: String
  /// What decided the results.
  public let configuration: RunConfiguration
  /// The cells by benchmark, then size, then group, in the order of the configuration.
  public let cells: [CellResult]
  /// The cells that the data did not allow.
  public let skipped: [SkippedCell]

  /// Reads a results folder.
  ///
  /// - Throws: `FileError` for a folder of something else, a run that is not finished (with the number of
  ///   cells that are there), or a cell that is missing, does not read, belongs elsewhere or has two routers of one name.
  public init(_ path: String) throws(FileError) {
    let files = FileManager.default
    let configuration = try RunFolder<RunConfiguration>.configuration(in: path)
    let places = CellPlace.all(of: configuration)
    let present = places.filter { files.fileExists(atPath: $0.file(in: path)) }
    let skippedFile = "\(path)/\(ResultsFolder.skippedName)"
    let skipped =
      files.fileExists(atPath: skippedFile) ? try JSONFile.read([SkippedCell].self, path: skippedFile) : []
    let left = Set(skipped.map { CellPlace($0) })
    guard files.fileExists(atPath: "\(path)/\(ResultsFolder.tableName)") else {
      // A run that was finished once has all cells.
      let isGaining = !present.isEmpty && present.count + left.count == places.count
      throw FileError(
        path,
        "is a run that is not finished: \(present.count) of \(places.count) cells are there; run "
          + "'rs-eval benchmark' with the same options again to do the rest"
          + (isGaining ? ", and with --add-routers if it was gaining routers" : ""))
    }
    var cells: [CellResult] = []
    for place in places where !left.contains(place) {
      let file = place.file(in: path)
      guard files.fileExists(atPath: file) else {
        throw FileError(file, "is missing; run 'rs-eval benchmark' with the same options again")
      }
      let cell = try JSONFile.read(CellResult.self, path: file)
      guard CellPlace(cell) == place else {
        throw FileError(file, "is the result of another pool; remove it and run 'rs-eval benchmark' again")
      }
      var names: Set<Name> = []
      for router in cell.routers where !names.insert(Name(router.name)).inserted {
        throw FileError(
          file, "has two routers named '\(router.name)'; remove it and run 'rs-eval benchmark' again")
      }
      cells.append(cell)
    }
    guard !cells.isEmpty else { throw FileError(path, "holds a run without results") }
    self.path = path
    self.configuration = configuration
    self.cells = cells
    self.skipped = skipped
  }

  /// Throws unless the run was made on the dataset with this hash.
  ///
  /// - Parameter folder: the dataset's folder, for the message.
  public func requireDataset(hash: String?, folder: String) throws(FileError) {
    guard configuration.datasetHash == hash else {
      throw FileError(
        path,
        "is a run on another dataset (\(Self.short(configuration.datasetHash))) than \(folder) "
          + "(\(Self.short(hash)))")
    }
  }

  private static func short(_ hash: String?) -> String {
    hash.map { "sha256 \($0.prefix(12))…" } ?? "no hash"
  }
}
