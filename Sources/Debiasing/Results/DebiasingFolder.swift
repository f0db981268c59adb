import Evaluation
import FileFormats
import Foundation

/// A folder that an experiment with logs fills part by part, so that a run that was killed goes on where it stopped.
///
///     run.json                              what decides the results
///     parts/<benchmark>/<m>_<group>/<n>/    what came of the logs of the nth policy and grading, by number of rows:
///         <rows>_learned.csv                the routers that were trained on them
///         <rows>_estimated.csv              the estimates from them, written last
///     learned.csv, estimated.csv            all of them together
///     losses.csv, estimators.csv            a line for each cell over all logs
///     skipped.json                          the pools that are too large for the data
///
/// The last five are written when all parts are done. Every file appears whole or not at all, and equal runs give equal bytes,
/// however often they stopped.
public struct DebiasingFolder: Sendable {
  static let learnedName = "learned.csv"
  static let estimatedName = "estimated.csv"
  static let skippedName = "skipped.json"

  /// The folder's path.
  public var path: String { folder.path }
  private let folder: RunFolder<DebiasingConfiguration>
  private let configuration: DebiasingConfiguration

  /// Begins a run in a new or empty folder, or goes on with the run of the same configuration.
  ///
  /// - Throws: `FileError` for a folder of something else or of another run, naming how they differ, or
  ///   one that another process works in.
  public init(_ path: String, configuration: DebiasingConfiguration) throws(FileError) {
    folder = try RunFolder(path, configuration: configuration)
    self.configuration = configuration
  }

  /// What came of a part.
  struct Part: Sendable {
    let learned: [LearnedRouter]
    let estimated: [EstimatedRouter]
  }

  /// A saved part; nil where it is not done yet.
  ///
  /// - Throws: `FileError` for a file that does not read or that is of other logs.
  func part(of kind: LogKind) throws(FileError) -> Part? {
    let stem = stem(kind)
    guard FileManager.default.fileExists(atPath: "\(stem)_estimated.csv") else { return nil }
    let part = Part(
      learned: try LearnedTable.read("\(stem)_learned.csv"),
      estimated: try EstimatedTable.read("\(stem)_estimated.csv"))
    guard part.learned.allSatisfy({ $0.kind == kind }), part.estimated.allSatisfy({ $0.kind == kind }) else {
      throw FileError("\(stem)_estimated.csv", "or the file beside it is of other logs; remove both")
    }
    return part
  }

  /// Saves a part.
  func save(_ part: Part, of kind: LogKind) throws(FileError) {
    try folder.writeConfiguration()
    let stem = stem(kind)
    try FolderCreation.make((stem as NSString).deletingLastPathComponent)
    try AtomicFile.write(LearnedTable.csv(part.learned), to: "\(stem)_learned.csv")
    // The last: a part that has it is done.
    try AtomicFile.write(EstimatedTable.csv(part.estimated), to: "\(stem)_estimated.csv")
  }

  /// Writes the tables of a run whose parts are all done.
  func finish(_ result: DebiasingResult) throws(FileError) {
    try folder.writeConfiguration()
    try JSONFile.write(result.skipped, to: "\(path)/\(Self.skippedName)")
    try AtomicFile.write(SummaryTables.losses(result), to: "\(path)/losses.csv")
    try AtomicFile.write(SummaryTables.estimators(result), to: "\(path)/estimators.csv")
    try AtomicFile.write(LearnedTable.csv(result.learned), to: "\(path)/\(Self.learnedName)")
    // The last of all: a folder that has it is finished.
    try AtomicFile.write(EstimatedTable.csv(result.estimated), to: "\(path)/\(Self.estimatedName)")
  }

  /// Policies and gradings go by their numbers: their names need not be names of files.
  private func stem(_ kind: LogKind) -> String {
    let policy = configuration.policies.firstIndex(of: kind.policy) ?? 0
    let grading = configuration.gradings.firstIndex(of: kind.grading) ?? 0
    let number = grading * configuration.policies.count + policy
    return "\(path)/parts/\(kind.benchmark)/\(kind.size)_\(kind.group.rawValue)/\(number)/\(kind.rows)"
  }
}
