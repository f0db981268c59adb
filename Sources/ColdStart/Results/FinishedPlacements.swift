import Evaluation
import FileFormats

/// A run of placements whose folds are all done, read from its folder.
public struct FinishedPlacements: Sendable {
  /// The folder.
  public let path: String
  /// What decided the results.
  public let configuration: PlacementConfiguration
  /// What came of it.
  public let result: PlacementResult

  /// Reads a folder.
  ///
  /// - Throws: `FileError` for a folder of something else, a run that is not finished, or a file that does not read.
  public init(_ path: String) throws(FileError) {
    let configuration = try RunFolder<PlacementConfiguration>.configuration(in: path)
    let file = "\(path)/\(PlacementFolder.estimatesName)"
    try FinishedRuns.require(file, in: path)
    let estimates = try EstimateTable.read(file)
    guard !estimates.isEmpty else { throw FileError(path, "holds a run without results") }
    let skipped = try JSONFile.read(
      [SkippedBenchmark].self, path: "\(path)/\(PlacementFolder.skippedName)")
    let routed =
      configuration.routing == nil ? [] : try RoutingTable.read("\(path)/\(PlacementFolder.routingName)")
    self.init(
      path: path, configuration: configuration,
      result: PlacementResult(estimates, skipped: skipped, routed: routed))
  }

  /// A run from its parts.
  public init(path: String, configuration: PlacementConfiguration, result: PlacementResult) {
    self.path = path
    self.configuration = configuration
    self.result = result
  }
}
