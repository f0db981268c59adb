import Foundation
import Synchronization

/// A place that text goes to, whose failures are noticed.
///
/// Text is kept back until 64 KiB have come together or ``flush()`` is called, except on a terminal,
/// where it appears at once. Safe to use from several threads; each write stays in one piece.
public final class TextOutput: Sendable {
  /// Whether a person is looking at it.
  public let isTerminal: Bool
  private let capacity: Int
  private let sink: @Sendable (String) throws -> Void
  private let pending = Mutex("")

  /// An output that hands its text to a function, for instance one that keeps it for a test.
  public init(
    isTerminal: Bool = false, buffered: Bool = false, sink: @escaping @Sendable (String) throws -> Void
  ) {
    self.isTerminal = isTerminal
    capacity = buffered && !isTerminal ? 1 << 16 : 0
    self.sink = sink
  }

  /// The process's standard output.
  public static let standardOutput = TextOutput(isTerminal: isatty(STDOUT_FILENO) == 1, buffered: true) {
    try write($0, to: .standardOutput, named: "standard output")
  }

  /// The process's standard error.
  public static let standardError = TextOutput(isTerminal: isatty(STDERR_FILENO) == 1) {
    try write($0, to: .standardError, named: "standard error")
  }

  /// Adds text, exactly as it is.
  public func write(_ text: String) throws {
    try pending.withLock { pending in
      pending += text
      if pending.utf8.count >= capacity { try drain(&pending) }
    }
  }

  /// Passes on what was kept back.
  public func flush() throws {
    try pending.withLock { try drain(&$0) }
  }

  private func drain(_ pending: inout String) throws {
    guard !pending.isEmpty else { return }
    // Taken out first: text that could not be written must not be tried again at exit.
    let text = pending
    pending = ""
    try sink(text)
  }

  private static func write(_ text: String, to handle: FileHandle, named name: String) throws(OutputError) {
    do { try handle.write(contentsOf: Data(text.utf8)) } catch { throw OutputError(error, writing: name) }
  }
}

/// Standard output could not be written.
public struct OutputError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The output and the system's reason.
  public let description: String
  /// Whether the reader has gone away, as `head` does, which is no fault.
  public let isClosedPipe: Bool

  init(_ description: String, isClosedPipe: Bool = false) {
    self.description = description
    self.isClosedPipe = isClosedPipe
  }

  init(_ error: any Error, writing name: String) {
    let code = POSIXErrorCode(of: error)
    self.init(
      "\(name): " + (code.map { describe($0) } ?? error.localizedDescription), isClosedPipe: code == .EPIPE)
  }
}
