import Foundation

/// The real files that some tests read, where they are: `ROUTEREC_DATA`, or `../shared/data` beside the
/// working directory.
public enum RealData {
  /// The folder.
  public static let folder = ProcessInfo.processInfo.environment["ROUTEREC_DATA"] ?? "../shared/data"

  /// Whether it is there; tests are disabled, visibly, where it is not.
  public static let isPresent = FileManager.default.fileExists(atPath: "\(folder)/router_dataset")

  /// The path of one of its files.
  public static func file(_ name: String) -> String { "\(folder)/\(name)" }
}
