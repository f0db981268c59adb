import Foundation

/// What happens when the user or the system asks the process to end.
enum Interruption {
  /// Runs the reaction on a background queue when SIGINT, SIGTERM or SIGHUP arrives, then dies of the signal.
  ///
  /// A second signal of the same kind ends the process at once, in case the reaction hangs. A signal that
  /// was ignored from the start, as under `nohup`, stays ignored. Call it once.
  static func install(reaction: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "interruption")
    let ignored = ignoredSignals()
    for number in [SIGINT, SIGTERM, SIGHUP] where ignored & (1 << UInt64(number - 1)) == 0 {
      // Without this the default disposition could win over the source.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        // The source lives as long as its handler keeps it.
        withExtendedLifetime(source) {
          signal(number, SIG_DFL)
          reaction()
          die(of: number)
        }
      }
      source.resume()
    }
  }

  /// Ends the process as the signal would have, so that the caller's shell sees why.
  static func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    kill(getpid(), number)
    // Another thread takes the signal in a moment, unless all of them block it.
    Thread.sleep(forTimeInterval: 0.2)
    _exit(128 + number)
  }

  /// The signals that were ignored when the process started, one bit each from signal 1 on.
  ///
  /// Linux tells it in a file; the C call would need an unsafe pointer.
  private static func ignoredSignals() -> UInt64 {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
    for line in status.split(separator: "\n") where line.hasPrefix("SigIgn:") {
      return UInt64(line.dropFirst(7).filter { !$0.isWhitespace }, radix: 16) ?? 0
    }
    return 0
  }
}
