import Foundation

/// Runs a built executable and keeps what it printed.
struct Tool {
  let status: Int32
  /// Whether a signal ended it; `status` is then the signal's number.
  let wasKilled: Bool
  let output: String
  let errors: String

  /// The folder of the built executables: told by `scripts/test`, or that of the test bundle.
  static let folder =
    ProcessInfo.processInfo.environment["ROUTEREC_TEST_BINARIES"]
    ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path

  /// A process ready to run; a nil in `environment` takes a variable away.
  static func process(
    _ name: String, _ arguments: [String], environment: [String: String?] = [:]
  ) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: name.hasPrefix("/") ? name : "\(folder)/\(name)")
    process.arguments = arguments
    var variables = ProcessInfo.processInfo.environment
    for (key, value) in environment { variables[key] = value }
    process.environment = variables
    process.standardInput = FileHandle.nullDevice
    return process
  }

  init(_ name: String, _ arguments: String..., environment: [String: String?] = [:]) throws {
    try self.init(name, arguments, environment: environment)
  }

  /// - Parameters:
  ///   - input: What it reads from standard input.
  ///   - onStart: What to do while the process runs, before it is waited for.
  init(
    _ name: String, _ arguments: [String], environment: [String: String?] = [:], input: String = "",
    onStart: (Process) throws -> Void = { _ in }
  ) throws {
    let process = Self.process(name, arguments, environment: environment)
    // Files, not pipes: a pipe nobody empties while the program runs would stop it.
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let (out, err) = (try scratch.write("out", ""), try scratch.write("err", ""))
    process.standardInput = FileHandle(forReadingAtPath: try scratch.write("in", input))
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle(forWritingAtPath: err)
    try process.run()
    do {
      try onStart(process)
    } catch {
      process.terminate()
      process.waitUntilExit()
      throw error
    }
    process.waitUntilExit()
    status = process.terminationStatus
    wasKilled = process.terminationReason == .uncaughtSignal
    output = try String(contentsOfFile: out, encoding: .utf8)
    errors = try String(contentsOfFile: err, encoding: .utf8)
  }

  /// What it printed, read as a JSON object.
  func json() throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
  }
}
