import Foundation

/// The folder of real data.
enum RealData {
  static let folder =
    ProcessInfo.processInfo.environment["ROUTEREC_DATA"]
    ?? URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    .deletingLastPathComponent().appendingPathComponent("shared/data").path

  static let isThere = FileManager.default.fileExists(atPath: "\(folder)/reference_metrics.csv")

  static subscript(_ path: String) -> String { "\(folder)/\(path)" }

  /// The published metrics of a router, by `m group`, then by name.
  static func reference(_ dataset: String, router: String) throws -> [String: [String: Double]] {
    let text = try String(contentsOfFile: self["reference_metrics.csv"], encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
    guard let header = rows.first else { return [:] }
    var result: [String: [String: Double]] = [:]
    for row in rows.dropFirst() where row.count == header.count && row[0] == dataset && row[3] == router {
      for index in 4..<row.count {
        result["\(row[1]) \(row[2])", default: [:]][header[index]] = Double(row[index])
      }
    }
    return result
  }
}
