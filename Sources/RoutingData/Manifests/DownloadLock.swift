import FileFormats
import Foundation

/// What files were when they were first downloaded, so that later downloads must be the same.
///
/// `downloads.lock.json` stands in the folder of the files. Several manifests share it, since they share archives.
struct DownloadLock: Codable, Equatable {
  /// A file as it was downloaded first.
  struct Entry: Codable, Equatable {
    /// Where it was published.
    var url: String
    /// Its size in bytes.
    var size: Int
    /// 64 lowercase hexadecimal digits.
    var sha256: String
  }

  static let fileName = "downloads.lock.json"
  static let formatName = "routerec-download-lock"
  static let currentVersion = 1

  var format = DownloadLock.formatName
  var version = DownloadLock.currentVersion
  /// By path below the folder.
  var files: [String: Entry] = [:]

  /// The lock of a folder; an empty one where there is none yet.
  ///
  /// - Throws: `FileError` for a file that is damaged: a lock that can't be read must not count as none.
  static func read(folder: String) throws(FileError) -> DownloadLock {
    let path = "\(folder)/\(fileName)"
    guard FileManager.default.fileExists(atPath: path) else { return DownloadLock() }
    let lock = try JSONFile.read(DownloadLock.self, path: path)
    guard lock.format == formatName, lock.version == currentVersion else {
      throw FileError(path, at: .key("format"), "expected '\(formatName)' of version \(currentVersion)")
    }
    for (name, entry) in lock.files.sorted(by: { $0.key < $1.key })
    where !DataManifest.isSHA256(entry.sha256) || entry.size < 0 {
      throw FileError(path, at: .key(name), "holds no SHA-256 and size")
    }
    return lock
  }

  /// What is known of a file of a URL; nil for one that was never downloaded from there.
  func entry(_ path: String, url: String) -> Entry? { files[path].flatMap { $0.url == url ? $0 : nil } }

  /// Enters a file and writes the lock.
  mutating func enter(_ path: String, _ entry: Entry, folder: String) throws(FileError) {
    files[path] = entry
    try JSONFile.write(self, to: "\(folder)/\(Self.fileName)")
  }
}
