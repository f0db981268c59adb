import Foundation
import Synchronization

/// A folder for readers that take a path; it is deleted when nobody holds it any more.
///
/// It stands in `TMPDIR`, which `scripts/fuzz` puts into memory.
final class Scratch: Sendable {
  /// The folder's path.
  let path: String
  private let kept = Mutex<[String: [String: [UInt8]]]>([:])

  /// Makes the folder.
  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file below the folder, whose own folder must be there, and gives its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }

  /// The files of a subfolder as they were when `keepFiles` was called; nil before that.
  func files(of name: String) -> [String: [UInt8]]? { kept.withLock { $0[name] } }

  /// Remembers the files of a subfolder, by their paths below it.
  func keepFiles(of name: String) -> [String: [UInt8]] {
    let folder = "\(path)/\(name)"
    var files: [String: [UInt8]] = [:]
    for case let relative as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      if let bytes = FileManager.default.contents(atPath: "\(folder)/\(relative)") {
        files[relative] = [UInt8](bytes)
      }
    }
    kept.withLock { $0[name] = files }
    return files
  }
}
