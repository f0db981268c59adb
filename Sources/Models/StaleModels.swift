import FileFormats
import Foundation
import RoutingData

extension ModelFolder {
  /// The model folders that were trained on a dataset of a hash.
  ///
  /// - Parameter places: model folders, or folders that hold some; what is no model is passed over.
  /// - Returns: their paths, in the order of names within each place.
  public static func trained(on hash: String, in places: [String]) -> [String] {
    places.flatMap { place -> [String] in
      if isTrained(place, on: hash) { return [place] }
      let entries = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
      return entries.sortedAsNames().map { place == "." ? $0 : "\(place)/\($0)" }.filter {
        isTrained($0, on: hash)
      }
    }
  }

  /// The folder around a path.
  public static func surroundings(of path: String) -> String {
    // NSString's own function traps at a path of one letter.
    let kept = path.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.drop { $0 != UInt8(ascii: "/") }
    let parent = kept.drop { $0 == UInt8(ascii: "/") }
    if parent.isEmpty { return kept.isEmpty ? "." : "/" }
    return String(decoding: parent.reversed(), as: UTF8.self)
  }

  private static func isTrained(_ folder: String, on hash: String) -> Bool {
    let path = "\(folder)/\(marker)"
    // Other programs call files so too, some of them large.
    guard FolderKind(of: folder) == .model, let configuration = try? ModelConfiguration(path: path) else {
      return false
    }
    return configuration.training.datasetHash == hash
  }
}
