import Synchronization

/// Where messages go, together with the progress line that may stand below them.
///
/// Messages take the place of the progress line, which is drawn again with its next step. Failures to write
/// are ignored: there is nowhere left to report them.
public final class StandardError: Sendable {
  /// The one of the running command.
  @TaskLocal public static var current = StandardError(.standardError)

  /// How the progress of a task is shown.
  enum ProgressDisplay {
    /// One line that is drawn again and again.
    case line
    /// Now and then a line of its own, for a log.
    case log
    case none
  }

  private struct State {
    var isQuiet = false
    var hasProgress = false
    var tasks = 0
  }

  private let output: TextOutput
  private let state = Mutex(State())

  /// Messages to an output.
  public init(_ output: TextOutput) { self.output = output }

  /// Whether notes and progress are unwanted.
  public var isQuiet: Bool {
    get { state.withLock(\.isQuiet) }
    set { state.withLock { $0.isQuiet = newValue } }
  }

  /// How progress reaches its reader.
  var progressDisplay: ProgressDisplay { isQuiet ? .none : output.isTerminal ? .line : .log }

  /// Whether a task shows its own progress now.
  var hasTask: Bool { state.withLock { $0.tasks > 0 } }

  /// Notes that a task begins or ends to show its progress.
  func count(tasks change: Int) { state.withLock { $0.tasks += change } }

  /// Prints a message of one line.
  public func writeLine(_ line: String) {
    state.withLock { state in
      erase(&state)
      put(line + "\n")
    }
  }

  /// Shows a progress line in place of the one before.
  func draw(_ line: String) {
    state.withLock { state in
      put("\r" + line + "\u{1B}[K")
      state.hasProgress = true
    }
  }

  /// Removes the progress line, if there is one.
  func erase() {
    state.withLock { erase(&$0) }
  }

  private func erase(_ state: inout State) {
    if state.hasProgress { put("\r\u{1B}[K") }
    state.hasProgress = false
  }

  private func put(_ text: String) {
    try? output.write(text)
    try? output.flush()
  }
}
