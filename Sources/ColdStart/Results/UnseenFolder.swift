import Evaluation
import FileFormats
import Foundation

/// A folder that predicting held-out queries fills fold by fold, so that a run that was killed goes on where it stopped.
///
///     run.json          what decides the results
///     folds/<fold>.csv  the results of one fold, as soon as it is done
///     unseen.csv        a line for each fold, method and number of labels
///     summary.csv       the means over folds
///
/// The last two are written when all folds are done. Every file appears whole or not at all, and equal runs give equal
/// bytes, however often they stopped.
public struct UnseenFolder: Sendable {
  static let resultsName = "unseen.csv"
  private static let summaryName = "summary.csv"

  /// The folder's path.
  public var path: String { folder.path }
  private let folder: RunFolder<UnseenConfiguration>

  /// Begins a run in a new or empty folder, or goes on with the run of the same configuration.
  ///
  /// - Throws: `FileError` for a folder of something else or of another run, naming how they differ, or
  ///   one that another process works in.
  public init(_ path: String, configuration: UnseenConfiguration) throws(FileError) {
    folder = try RunFolder(path, configuration: configuration)
  }

  /// The saved results of a fold; nil where it is not done yet.
  ///
  /// - Throws: `FileError` for a file that does not read or that is of another fold.
  func results(fold: Int, named name: String) throws(FileError) -> [UnseenResult]? {
    let file = file(fold)
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let results = try UnseenTable.read(file)
    guard results.allSatisfy({ Name($0.fold) == Name(name) }) else {
      throw FileError(file, "holds results of another fold; remove it")
    }
    return results
  }

  /// Saves the results of a fold.
  func save(_ results: [UnseenResult], fold: Int) throws(FileError) {
    try folder.writeConfiguration()
    try FolderCreation.make("\(path)/folds")
    try AtomicFile.write(UnseenTable.csv(results), to: file(fold))
  }

  /// Writes the tables of a run whose folds are all done.
  func finish(_ results: [UnseenResult]) throws(FileError) {
    try folder.writeConfiguration()
    let summary = UnseenTable.summary(UnseenSummary.of(results))
    try AtomicFile.write(summary, to: "\(path)/\(Self.summaryName)")
    // The last of all: a folder that has it is finished.
    try AtomicFile.write(UnseenTable.csv(results), to: "\(path)/\(Self.resultsName)")
  }

  private func file(_ fold: Int) -> String { "\(path)/folds/\(fold).csv" }
}
