import FileFormats
import Foundation

/// One run of a program that answers lines with lines.
///
/// It has a group of processes of its own, so that what a shell starts ends with it.
final class EncoderProgram {
  /// Why there was no answer.
  enum Failure: Error, Equatable {
    /// It could not be started.
    case start(String)
    /// It ended, as these words say.
    case end(String)
    /// It said nothing in time.
    case silence
    /// It answered a line before it was asked.
    case unasked
    /// It answered a line of more than can be read.
    case long
  }

  /// So long a program that was asked to end may take for it.
  private static let grace = DispatchTimeInterval.milliseconds(500)

  private let process = Process()
  private let input: PipeInput
  private var lines: PipeLines
  private let hasEnded = DispatchSemaphore(value: 0)

  /// Starts a command line through `/bin/sh`.
  init(_ command: String) throws(Failure) {
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    let (questions, answers) = (Pipe(), Pipe())
    process.standardInput = questions
    process.standardOutput = answers
    process.terminationHandler = { [hasEnded] _ in hasEnded.signal() }
    // Writing to a program that has ended must be an error, not the end of this one.
    signal(SIGPIPE, SIG_IGN)
    do { try process.run() } catch { throw .start(error.localizedDescription) }
    input = PipeInput(questions.fileHandleForWriting)
    lines = PipeLines(answers.fileHandleForReading)
  }

  deinit {
    input.close()
    stop()
  }

  /// The answer to a line.
  ///
  /// What was answered before it was asked is one line too many; one that comes later is noticed at the next line.
  func answer(to line: String, before deadline: SuspendingClock.Instant) throws(Failure) -> String {
    guard !lines.hasMore else { throw .unasked }
    switch input.write(Array((line + "\n").utf8), before: deadline) {
    case .written: break
    case .full: throw .silence
    case .closed: throw .end(ending())
    }
    let reply: PipeLines.Reply
    do throws(FileError) { reply = try lines.next(before: deadline) } catch { throw .long }
    switch reply {
    case .line(let answer): return answer
    case .silence: throw .silence
    case .end: throw .end(ending())
    }
  }

  /// Says that no line follows, and gives what the program says to that, if it is soon.
  func finish() -> String? {
    input.close()
    guard case .line(let line)? = try? lines.next(before: .now + .seconds(1)) else { return nil }
    return line
  }

  /// How the program ended; one that has closed its answers and goes on is ended.
  private func ending() -> String {
    guard hasEnded.wait(timeout: .now() + Self.grace) == .success else {
      return "closed its output"
    }
    hasEnded.signal()
    return process.terminationReason == .exit
      ? "ended with status \(process.terminationStatus)" : "was ended by signal \(process.terminationStatus)"
  }

  /// Ends the program and what it has started.
  private func stop() {
    // The number of a process that has ended may be another's by now.
    guard process.isRunning else { return }
    let group = -process.processIdentifier
    kill(group, SIGTERM)
    _ = hasEnded.wait(timeout: .now() + Self.grace)
    // What it has started may outlive it; the group's number is taken as long as anybody of it lives.
    kill(group, SIGKILL)
  }
}
