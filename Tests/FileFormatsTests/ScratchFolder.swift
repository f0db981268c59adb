import FileFormats
import Foundation

/// A new empty folder that is deleted with its contents when the test lets go of it.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("routerec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  subscript(name: String) -> String { "\(path)/\(name)" }

  /// The names in the folder, hidden ones too.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  /// The contents of a file in the folder as text.
  func text(_ name: String) throws -> String { try String(contentsOfFile: self[name], encoding: .utf8) }

  /// The bytes of a file in the folder.
  func bytes(_ name: String) throws -> [UInt8] { try ByteRegion(mapping: self[name]).array }
}
