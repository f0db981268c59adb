import Foundation

/// Runs a command from the words of the command line to the exit status.
public enum CommandRunner {
  /// The whole life of an executable.
  ///
  /// Ends with status 0 for success, 2 for a usage error and 1 for any other error, which is printed as one
  /// line on standard error. SIGINT, SIGTERM and SIGHUP end it as those signals do, after `onInterrupt`. A
  /// reader that closes the pipe ends it as SIGPIPE does, after the command has unwound; a file that the
  /// system won't let grow (SIGXFSZ) is an error like a full disk.
  ///
  /// - Parameters:
  ///   - command: what the executable does; its name is the executable's name.
  ///   - version: printed by `--version` after the name.
  ///   - arguments: the command line, the executable's own name first.
  ///   - onInterrupt: removes what is half-written; runs on a thread of its own, while the command goes on.
  ///   - inputFault: gives the error to report for memory at an address that can't be read, as of a mapped file
  ///     that became shorter, if it knows it; and for no address, that of any input that is no longer whole,
  ///     where other errors and all results can't be trusted.
  public static func main(
    _ command: Command, version: String, arguments: [String] = CommandLine.arguments,
    onInterrupt: @escaping @Sendable () -> Void,
    inputFault: @escaping @Sendable (_ address: UInt?) -> (any Error)? = { _ in nil }
  ) -> Never {
    // Ignored, so that a closed pipe and a file too large are errors that unwind and clean up behind them.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let stderr = StandardError.current
    let name = command.name
    Interruption.install(
      reaction: {
        onInterrupt()
        stderr.writeLine(
          "\(name): interrupted" + (InterruptionAdvice.current.map { "; \(onOneLine($0))" } ?? ""))
      },
      busError: { address in
        guard let error = inputFault(address) else { return }
        onInterrupt()
        stderr.writeLine("\(name): error: \(describe(error))")
        _exit(1)
      })
    let status = run(
      command, version: version, arguments: Array(arguments.dropFirst()), stdout: StandardOutput.current,
      stderr: stderr, inputFault: { inputFault(nil) })
    Interruption.finish()
    if status == closedPipeStatus { Interruption.die(of: SIGPIPE) }
    exit(status)
  }

  /// Runs a command with other outputs, without ending the process; returns the exit status.
  ///
  /// - Parameters:
  ///   - arguments: the command line without the executable's own name.
  ///   - inputFault: gives the error that comes before all others and before success.
  public static func run(
    _ command: Command, version: String, arguments: [String], stdout: TextOutput, stderr: StandardError,
    inputFault: () -> (any Error)? = { nil }
  ) -> Int32 {
    StandardOutput.$current.withValue(stdout) {
      StandardError.$current.withValue(stderr) {
        let outcome = ArgumentParser.parse(arguments, for: command)
        do {
          defer { stderr.erase() }
          try perform(outcome, name: command.name, version: version)
          if let fault = inputFault() { throw fault }
          try stdout.flush()
          return 0
        } catch {
          return report(inputFault() ?? error, of: outcome, name: command.name)
        }
      }
    }
  }

  /// What a shell shows for a process that died of SIGPIPE.
  private static let closedPipeStatus = 128 + SIGPIPE

  private static func perform(_ outcome: ArgumentParser.Outcome, name: String, version: String) throws {
    switch outcome {
    case .help(let text): try StandardOutput.write(text)
    case .manual(let command): try StandardOutput.write(ManualPage(command: command, version: version).text)
    case .completion(let text): try StandardOutput.write(text)
    case .version: try StandardOutput.writeLine("\(name) \(version)")
    case .failure(let error, _): throw error
    case .run(let command, let arguments):
      if arguments.declares(CommonOptions.quiet), arguments[CommonOptions.quiet] {
        StandardError.current.isQuiet = true
      }
      let path = command.name == name ? name : "\(name) \(command.name)"
      let progress = ProgressLine(command: path)
      defer { progress.finish() }
      try command.run(arguments)
    }
  }

  private static func report(_ error: any Error, of outcome: ArgumentParser.Outcome, name: String) -> Int32 {
    // What fails because its temporaries were taken away is no error.
    Interruption.waitIfInterrupted()
    let stderr = StandardError.current
    if let error = error as? OutputError, error.isClosedPipe { return closedPipeStatus }
    // Results that came before the error belong before its message.
    try? StandardOutput.current.flush()
    guard let error = error as? UsageError else {
      stderr.writeLine("\(name): error: \(describe(error))")
      return 1
    }
    stderr.writeLine("\(name): \(onOneLine(error.description))")
    stderr.writeLine("Try '\(outcome.commandPath ?? name) --help' for more information.")
    return 2
  }
}
