import Foundation
import Testing

/// A run that must be refused: status 1, one line on standard error, nothing written.
enum Refusal {
  /// - Parameters:
  ///   - names: what the line must contain: the file, the place, the remedy.
  ///   - folder: where nothing may be left behind.
  static func expect(
    _ name: String, _ words: [String], names: [String], in folder: Scratch,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let before = snapshot(folder)
    let run = try Tool(name, words)
    #expect(run.status == 1 && !run.wasKilled, sourceLocation: location)
    #expect(run.output.isEmpty, sourceLocation: location)
    let lines = run.errors.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines.last == "", "\(run.errors)", sourceLocation: location)
    #expect(run.errors.hasPrefix("\(name): error: "), "\(run.errors)", sourceLocation: location)
    for word in names { #expect(run.errors.contains(word), "\(run.errors)", sourceLocation: location) }
    #expect(snapshot(folder) == before, "left behind or changed", sourceLocation: location)
  }

  /// Every file below a folder with its contents.
  private static func snapshot(_ folder: Scratch) -> [String: Data?] {
    let paths = FileManager.default.subpaths(atPath: folder.path) ?? []
    return Dictionary(uniqueKeysWithValues: paths.map { ($0, try? bytes(folder[$0])) })
  }
}
