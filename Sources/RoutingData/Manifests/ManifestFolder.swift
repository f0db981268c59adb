import FileFormats
import Foundation

/// The folder of the manifests that come with the project.
public enum ManifestFolder {
  /// What it is called.
  public static let name = "data-manifests"

  /// Where it is looked for: in the working directory, beside the executable and in the folders around it, as in
  /// a package that was built where it lies, and where an installation puts it.
  public static var places: [String] {
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = executable.deletingLastPathComponent()
    let installed = folder.deletingLastPathComponent().appendingPathComponent("share/routerec/\(name)").path
    var places = [name]
    // `.build/<platform>/release` lies three folders deep in a package.
    for _ in 0..<5 where folder.path != "/" {
      places.append(folder.appendingPathComponent(name).path)
      folder = folder.deletingLastPathComponent()
    }
    return places + [installed]
  }

  /// The names of the manifests in a folder, sorted; empty where there is no such folder.
  public static func names(in folder: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return entries.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sortedAsNames()
  }

  /// The manifest that a user names: by the path of a file, or by the name of one in a folder.
  ///
  /// - Parameter folder: where to look; nil looks in `places`, in that order.
  /// - Throws: `DataError` for a name that is not there, listing those that are and where they were looked for;
  ///   `FileError` for a file that is no manifest.
  public static func manifest(_ name: String, in folder: String? = nil) throws -> DataManifest {
    if name.contains("/") || name.hasSuffix(".json") { return try DataManifest(file: name) }
    let places = folder.map { [$0] } ?? places
    for place in places where names(in: place).containsName(name) {
      return try DataManifest(file: "\(place)/\(name).json")
    }
    let known = NameIndex(places.flatMap(names)).names.sortedAsNames()
    throw DataError(
      "there is no manifest \(name).json in any of \(places.joined(separator: ", ")); "
        + (known.isEmpty
          ? "give the folder that has it by --manifests, or the path of a manifest"
          : "there are: \(known.joined(separator: ", "))"))
  }
}
