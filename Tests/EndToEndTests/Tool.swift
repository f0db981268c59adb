import Foundation

/// Runs a built executable and keeps what it printed.
struct Tool {
  let status: Int32
  let output: String
  let errors: String

  /// The folder of the built executables: told by `scripts/test`, or that of the test bundle.
  static let folder =
    ProcessInfo.processInfo.environment["ROUTEREC_TEST_BINARIES"]
    ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path

  static func process(_ name: String, _ arguments: [String], environment: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: name.hasPrefix("/") ? name : "\(folder)/\(name)")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    return process
  }

  init(_ name: String, _ arguments: String..., environment: [String: String] = [:]) throws {
    let process = Self.process(name, arguments, environment: environment)
    // Files, not pipes: a pipe nobody empties while the program runs would stop it.
    let scratch = try Scratch()
    let (out, err) = ("\(scratch.path)/out", "\(scratch.path)/err")
    _ = FileManager.default.createFile(atPath: out, contents: nil)
    _ = FileManager.default.createFile(atPath: err, contents: nil)
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle(forWritingAtPath: err)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try String(contentsOfFile: out, encoding: .utf8)
    errors = try String(contentsOfFile: err, encoding: .utf8)
  }
}

/// A folder of its own for one test, removed at the end.
final class Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("routerec-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The names of the entries, hidden ones included.
  var entries: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}
