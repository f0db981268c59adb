import FileFormats
import Foundation

/// The folder of the manifests that come with the project.
public enum ManifestFolder {
  /// Where it is beside the working directory.
  public static let defaultPath = "data-manifests"

  /// The names of the manifests in a folder, sorted; empty where there is no such folder.
  public static func names(in folder: String = defaultPath) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return entries.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sortedAsNames()
  }

  /// The manifest that a user names: by the path of a file, or by the name of one in the folder.
  ///
  /// - Throws: `DataError` for a name that is not there, listing those that are; `FileError` for a file that is
  ///   no manifest.
  public static func manifest(_ name: String, in folder: String = defaultPath) throws -> DataManifest {
    if name.contains("/") || name.hasSuffix(".json") { return try DataManifest(file: name) }
    let names = names(in: folder)
    guard names.containsName(name) else {
      throw DataError(
        "there is no \(folder)/\(name).json; "
          + (names.isEmpty
            ? "run this where the folder \(folder) is, or give the path of a manifest"
            : "there are: \(names.joined(separator: ", "))"))
    }
    return try DataManifest(file: "\(folder)/\(name).json")
  }
}
