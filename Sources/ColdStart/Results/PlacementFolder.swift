import Evaluation
import FileFormats
import Foundation

/// A folder that placing held-out LLMs fills fold by fold, so that a run that was killed goes on where it stopped.
///
///     run.json                        what decides the results
///     folds/<benchmark>/<fold>.csv    the estimates of one fold, as soon as it is done
///     routing/<benchmark>/<fold>.csv  what pools with its LLMs reach, where the run routes
///     estimates.csv                   a line for each held-out LLM, choice of anchors, estimator and number of answers
///     routing.csv                     a line for each pool and number of answers, where the run routes
///     summary.csv                     a line for each cell of those over all LLMs
///     skipped.json                    the benchmarks that are too small
///
/// The last files are written when all folds are done. Every file appears whole or not at all, and equal runs give equal
/// bytes, however often they stopped.
public struct PlacementFolder: Sendable {
  static let estimatesName = "estimates.csv"
  static let summaryName = "summary.csv"
  static let skippedName = "skipped.json"
  static let routingName = "routing.csv"

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
    let file = Part.estimates.file(benchmark, fold, in: path)
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let estimates = try EstimateTable.read(file)
    try Self.require(benchmark, estimates.map(\.benchmark), in: file)
    return estimates
  }

  /// The saved pools of a fold; nil where it is not done yet.
  ///
  /// - Throws: `FileError` for a file that does not read or that is of another benchmark.
  func routed(benchmark: String, fold: Int) throws(FileError) -> [RoutedLLM]? {
    let file = Part.routing.file(benchmark, fold, in: path)
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let routed = try RoutingTable.read(file)
    try Self.require(benchmark, routed.map(\.benchmark), in: file)
    return routed
  }

  private static func require(_ benchmark: String, _ names: [String], in file: String) throws(FileError) {
    guard names.allSatisfy({ Name($0) == Name(benchmark) }) else {
      throw FileError(file, "holds results on another benchmark; remove it")
    }
  }

  /// Saves the estimates of a fold.
  func save(_ estimates: [PlacedLLM], benchmark: String, fold: Int) throws(FileError) {
    try save(EstimateTable.csv(estimates), as: Part.estimates.file(benchmark, fold, in: path))
  }

  /// Saves the pools of a fold.
  func save(_ routed: [RoutedLLM], benchmark: String, fold: Int) throws(FileError) {
    try save(RoutingTable.csv(routed), as: Part.routing.file(benchmark, fold, in: path))
  }

  private func save(_ text: String, as file: String) throws(FileError) {
    try folder.writeConfiguration()
    try FolderCreation.make((file as NSString).deletingLastPathComponent)
    try AtomicFile.write(text, to: file)
  }

  /// Writes the tables of a run whose folds are all done.
  func finish(_ result: PlacementResult) throws(FileError) {
    try folder.writeConfiguration()
    try JSONFile.write(result.skipped, to: "\(path)/\(Self.skippedName)")
    try AtomicFile.write(SummaryCSV.text(result), to: "\(path)/\(Self.summaryName)")
    if folder.configuration.routing != nil {
      try AtomicFile.write(RoutingTable.csv(result.routed), to: "\(path)/\(Self.routingName)")
    }
    // The last of all: a folder that has it is finished.
    try AtomicFile.write(EstimateTable.csv(result.estimates), to: "\(path)/\(Self.estimatesName)")
  }

  /// What is saved fold by fold, by the name of its folder.
  private enum Part: String {
    case estimates = "folds"
    case routing

    func file(_ benchmark: String, _ fold: Int, in path: String) -> String {
      "\(path)/\(rawValue)/\(benchmark)/\(fold).csv"
    }
  }
}
