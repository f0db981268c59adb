import Foundation
import Synchronization
import Testing

@testable import CommandLineKit

@Suite struct CommandRunnerTests {
  func info(_ run: @escaping @Sendable (Arguments) throws -> Void) -> Sample.Result {
    Sample.run(Sample.tree(run: run), "info", "--data", "x")
  }

  @Test func success() {
    let result = info { _ in
      try StandardOutput.writeLine("one")
      try StandardOutput.write("two")
    }
    #expect(result == Sample.Result(status: 0, output: "one\ntwo", errors: ""))
  }

  @Test func errorIsOneLine() {
    let result = info { _ in
      try StandardOutput.writeLine("before")
      throw Sample.Refused(description: "a.npy: byte 8:\n  no\u{1B}[2J header\r\n")
    }
    #expect(
      result
        == Sample.Result(
          status: 1, output: "before\n", errors: "rs-data: error: a.npy: byte 8: no\u{FFFD}[2J header\n"))
  }

  @Test func usageErrorFromInsideNamesTheSubcommand() {
    let result = info { _ in throw UsageError("option '--a' excludes '--b'") }
    let lines = "rs-data: option '--a' excludes '--b'\nTry 'rs-data info --help' for more information.\n"
    #expect(result == Sample.Result(status: 2, output: "", errors: lines))
  }

  @Test func foundationErrorsNameTheFileAndTheReason() {
    let result = info { _ in _ = try String(contentsOfFile: "/no/such/file", encoding: .utf8) }
    #expect(result.errors == "rs-data: error: /no/such/file: No such file or directory\n")
  }

  /// Whatever Foundation throws, the line says more than that something is not in the correct format.
  @Test func foundationErrorsAreNeverWithoutAPlace() {
    struct Thing: Codable { let loss: [Double] }
    let folder = "/no/such/folder"
    let cases: [(String, @Sendable () throws -> Void)] = [
      (folder, { _ = try FileManager.default.contentsOfDirectory(atPath: folder) }),
      (
        folder,
        { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false) }
      ),
      (folder, { try FileManager.default.removeItem(atPath: folder) }),
      (folder, { _ = try Data(contentsOf: URL(fileURLWithPath: folder)) }),
      (folder, { try Data([1]).write(to: URL(fileURLWithPath: folder)) }),
      ("\"loss.1\" holds nan", { _ = try JSONEncoder().encode(Thing(loss: [0, .nan])) }),
      ("\"loss\" is missing", { _ = try JSONDecoder().decode(Thing.self, from: Data("{}".utf8)) }),
      (
        "\"loss\" is not of type",
        { _ = try JSONDecoder().decode(Thing.self, from: Data(#"{"loss": 1}"#.utf8)) }
      ),
      ("is not the JSON expected", { _ = try JSONDecoder().decode(Thing.self, from: Data("{".utf8)) }),
      (
        "standard output: can't be written as JSON: \"loss.0\" holds inf",
        {
          try StandardOutput.writeJSON(Thing(loss: [.infinity]))
        }
      ),
    ]
    for (part, body) in cases {
      let result = info { _ in try body() }
      #expect(result.status == 1)
      #expect(result.errors.contains(part), "\(result.errors)")
      #expect(!result.errors.contains("correct format"), "\(result.errors)")
    }
  }

  @Test func versionAnywhere() {
    let expected = Sample.Result(status: 0, output: "rs-data 1.2\n", errors: "")
    #expect(Sample.run(Sample.tree(), "--version") == expected)
    #expect(Sample.run(Sample.tree(), "info", "--wrong", "--version") == expected)
  }

  @Test func quietSilencesNotes() {
    let tree = Sample.tree { _ in Log.note("a\nb") }
    #expect(Sample.run(tree, "import", "routereval", "--data", "x").errors == "note: a b\n")
    #expect(Sample.run(tree, "import", "routereval", "--data", "x", "--quiet").errors == "")
  }

  @Test func failedWriteIsAnErrorEvenAtTheLastFlush() {
    let errors = Capture()
    let full = TextOutput(buffered: true) { _ in throw Sample.Refused(description: "standard output: full") }
    let reached = Mutex(false)
    let tree = Sample.tree { _ in
      try StandardOutput.writeLine("kept back until the end")
      reached.withLock { $0 = true }
    }
    let status = CommandRunner.run(
      tree, version: "1.2", arguments: ["info", "--data", "x"], stdout: full,
      stderr: StandardError(errors.output()))
    #expect(status == 1)
    #expect(reached.withLock { $0 })
    #expect(errors.text == "rs-data: error: standard output: full\n")
  }

  @Test func closedPipeIsNoFault() {
    let errors = Capture()
    let closed = TextOutput { _ in throw OutputError("standard output: Broken pipe", isClosedPipe: true) }
    let status = CommandRunner.run(
      Sample.tree(), version: "1.2", arguments: ["--help"], stdout: closed,
      stderr: StandardError(errors.output()))
    #expect(status == 141)
    #expect(errors.text.isEmpty)
  }

  @Test func bufferKeepsOrderAndFlushesWhenFull() throws {
    let pieces = Mutex<[Int]>([])
    let output = TextOutput(buffered: true) { text in pieces.withLock { $0.append(text.utf8.count) } }
    try output.write("a")
    #expect(pieces.withLock { $0 }.isEmpty)
    try output.write(String(repeating: "b", count: 1 << 16))
    #expect(pieces.withLock { $0 } == [65537])
    try output.flush()
    #expect(pieces.withLock { $0 } == [65537])
  }

  @Test func terminalSeesTextAtOnce() throws {
    let capture = Capture()
    try capture.output(isTerminal: true).write("now")
    #expect(capture.text == "now")
  }
}
