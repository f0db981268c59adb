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
    let parent = (path as NSString).deletingLastPathComponent
    return parent.isEmpty ? "." : parent
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
