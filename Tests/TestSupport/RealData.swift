import Foundation

/// The real files that some tests read, where they are: `ROUTEREC_DATA`, or `../shared/data` beside the
/// working directory.
package enum RealData {
  /// The folder.
  package static let folder = ProcessInfo.processInfo.environment["ROUTEREC_DATA"] ?? "../shared/data"

  /// Whether it is there; tests are disabled, visibly, where it is not.
  package static let isPresent = FileManager.default.fileExists(atPath: "\(folder)/router_dataset")

  /// The path of one of its files.
  package static func file(_ name: String) -> String { "\(folder)/\(name)" }
}
