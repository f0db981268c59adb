import Evaluation
import FileFormats
import Foundation

/// An experiment with logs whose parts are all done, read from its folder.
public struct FinishedDebiasing: Sendable {
  /// The folder.
  public let path: String
  /// What decided the results.
  public let configuration: DebiasingConfiguration
  /// What came of it.
  public let result: DebiasingResult

  /// Reads a folder.
  ///
  /// - Throws: `FileError` for a folder of something else, a run that is not finished, or a file that does not read.
  public init(_ path: String) throws(FileError) {
    let configuration = try RunFolder<DebiasingConfiguration>.configuration(in: path)
    let file = "\(path)/\(DebiasingFolder.estimatedName)"
    guard FileManager.default.fileExists(atPath: file) else {
      throw FileError(
        path,
        "is a run that is not finished: run 'rs-debias evaluate' with the same options again to do the rest")
    }
    let result = DebiasingResult(
      learned: try LearnedTable.read("\(path)/\(DebiasingFolder.learnedName)"),
      estimated: try EstimatedTable.read(file),
      skipped: try JSONFile.read([SkippedCell].self, path: "\(path)/\(DebiasingFolder.skippedName)"))
    guard !result.learned.isEmpty || !result.estimated.isEmpty else {
      throw FileError(path, "holds a run without results")
    }
    self.init(path: path, configuration: configuration, result: result)
  }

  /// A run from its parts.
  public init(path: String, configuration: DebiasingConfiguration, result: DebiasingResult) {
    self.path = path
    self.configuration = configuration
    self.result = result
  }
}
