import Evaluation
import FileFormats
import Foundation

/// A folder that placing held-out LLMs fills fold by fold, so that a run that was killed goes on where it stopped.
///
///     run.json                        what decides the results
///     folds/<benchmark>/<fold>.csv    the estimates of one fold, as soon as it is done
///     estimates.csv                   a line for each held-out LLM, choice of anchors, estimator and number of answers
///     summary.csv                     a line for each cell of those over all LLMs
///     skipped.json                    the benchmarks that are too small
///
/// The last three are written when all folds are done. Every file appears whole or not at all, and equal runs give equal
/// bytes, however often they stopped.
public struct PlacementFolder: Sendable {
  static let estimatesName = "estimates.csv"
  static let summaryName = "summary.csv"
  static let skippedName = "skipped.json"

  /// The folder's path.
  public var path: String { folder.path }
  private let folder: RunFolder<PlacementConfiguration>

  /// Begins a run in a new or empty folder, or goes on with the run of the same configuration.
  ///
  /// - Throws: `FileError` for a folder of something else or of another run, naming how they differ, or
  ///   one that another process works in.
  public init(_ path: String, configuration: PlacementConfiguration) throws(FileError) {
    folder = try RunFolder(path, configuration: configuration)
  }

  /// The saved estimates of a fold; nil where it is not done yet.
  ///
  /// - Throws: `FileError` for a file that does not read or that is of another benchmark.
  func estimates(benchmark: String, fold: Int) throws(FileError) -> [PlacedLLM]? {
    let file = file(benchmark, fold)
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let estimates = try EstimateTable.read(file)
    guard estimates.allSatisfy({ Name($0.benchmark) == Name(benchmark) }) else {
      throw FileError(file, "holds estimates on another benchmark; remove it")
    }
    return estimates
  }

  /// Saves the estimates of a fold.
  func save(_ estimates: [PlacedLLM], benchmark: String, fold: Int) throws(FileError) {
    try folder.writeConfiguration()
    let file = file(benchmark, fold)
    try FolderCreation.make((file as NSString).deletingLastPathComponent)
    try AtomicFile.write(EstimateTable.csv(estimates), to: file)
  }

  /// Writes the tables of a run whose folds are all done.
  func finish(_ result: PlacementResult) throws(FileError) {
    try folder.writeConfiguration()
    try JSONFile.write(result.skipped, to: "\(path)/\(Self.skippedName)")
    try AtomicFile.write(SummaryCSV.text(result), to: "\(path)/\(Self.summaryName)")
    // The last of all: a folder that has it is finished.
    try AtomicFile.write(EstimateTable.csv(result.estimates), to: "\(path)/\(Self.estimatesName)")
  }

  private func file(_ benchmark: String, _ fold: Int) -> String { "\(path)/folds/\(benchmark)/\(fold).csv" }
}
