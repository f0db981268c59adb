import Foundation
import Testing

@testable import FileFormats

@Suite struct JSONFileTests {
  private struct Thing: Codable, Equatable {
    var name: String
    var counts: [String: Int]
    var share: Double?
  }

  private func withFile(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "routerec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("x.json").path)
  }

  private func reason(_ text: String) throws -> String {
    var result = ""
    try withFile { path in
      try AtomicFile.write(text, to: path)
      do throws(FileError) {
        _ = try JSONFile.read(Thing.self, path: path)
      } catch {
        #expect(error.path == path)
        result = error.reason
      }
    }
    return result
  }

  @Test func aValueComesBackAndEqualValuesHaveEqualBytes() throws {
    let thing = Thing(name: "a/b \"c\"", counts: ["z": 1, "y": 2], share: 0.25)
    try withFile { path in
      try JSONFile.write(thing, to: path)
      #expect(try JSONFile.read(Thing.self, path: path) == thing)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.hasSuffix("}\n") && text.contains("a/b") && text.contains("\"y\" : 2,\n    \"z\" : 1"))
    }
  }

  @Test func theKeyThatIsWrongIsNamed() throws {
    #expect(try reason("{\"name\": \"a\"}") == "\"counts\" is missing")
    #expect(try reason("{\"name\": \"a\", \"counts\": {\"x\": \"y\"}}") == "\"counts.x\" is not of type Int")
    #expect(try reason("[]").hasPrefix("the value is not of type"))
    #expect(try reason("{") == "is not valid JSON")
    #expect(try reason("") == "is not valid JSON")
  }

  @Test func aNumberThatJSONCannotHoldWritesNothing() throws {
    try withFile { path in
      #expect(throws: FileError.self) {
        try JSONFile.write(Thing(name: "", counts: [:], share: .nan), to: path)
      }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }
}
