import Evaluation
import FileFormats

/// A run of predicting held-out queries whose folds are all done, read from its folder.
public struct FinishedUnseen: Sendable {
  /// The folder.
  public let path: String
  /// What decided the results.
  public let configuration: UnseenConfiguration
  /// The means over folds of each method and number of labels.
  public let summaries: [UnseenSummary]

  /// Reads a folder.
  ///
  /// - Throws: `FileError` for a folder of something else, a run that is not finished, or a file that does not read.
  public init(_ path: String) throws(FileError) {
    let configuration = try RunFolder<UnseenConfiguration>.configuration(in: path)
    let file = "\(path)/\(UnseenFolder.resultsName)"
    try FinishedRuns.require(file, in: path)
    let results = try UnseenTable.read(file)
    guard !results.isEmpty else { throw FileError(path, "holds a run without results") }
    self.init(path: path, configuration: configuration, summaries: UnseenSummary.of(results))
  }

  /// A run from its parts.
  public init(path: String, configuration: UnseenConfiguration, summaries: [UnseenSummary]) {
    self.path = path
    self.configuration = configuration
    self.summaries = summaries
  }
}
