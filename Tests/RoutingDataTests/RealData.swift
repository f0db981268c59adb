import Foundation

/// The real files, where they are: `ROUTEREC_DATA`, or `../shared/data` beside the working directory.
enum RealData {
  static let folder = ProcessInfo.processInfo.environment["ROUTEREC_DATA"] ?? "../shared/data"
  static let isPresent = FileManager.default.fileExists(atPath: "\(folder)/router_dataset")

  static func file(_ name: String) -> String { "\(folder)/\(name)" }
}
