import Foundation

/// A folder of its own for one test, removed at the end.
final class Scratch: Sendable {
  let path: String
  private let root: String

  /// - Parameter inside: a path in the folder that is not made, to be used in its place.
  init(inside: String? = nil) throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("routerec-\(UUID().uuidString)").path
    path = inside.map { [root] in "\(root)/\($0)" } ?? root
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// The path of an entry.
  subscript(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of the entries, hidden ones included.
  var entries: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  /// Writes an entry and returns its path.
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: self[name]))
    return self[name]
  }

  /// Writes an entry of this text and returns its path.
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  /// Copies a file or a folder from elsewhere to an entry and returns its path.
  func copy(_ source: String, to name: String) throws -> String {
    try FileManager.default.copyItem(atPath: source, toPath: self[name])
    return self[name]
  }
}

/// The bytes of a file.
func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

/// Cuts a file to a share of its length.
func truncate(_ path: String, to share: Double = 0.5) throws {
  let whole = try bytes(path)
  try whole.prefix(Int(Double(whole.count) * share)).write(to: URL(fileURLWithPath: path))
}
