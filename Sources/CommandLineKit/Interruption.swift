import Foundation
import Synchronization

/// What happens when the user or the system asks the process to end, or takes a mapped file away from it.
///
/// A signal handler may do next to nothing, so it only passes the signal on through a pipe to a thread that
/// waits for it, and that thread reacts. It works whatever signals the threads of libraries block.
enum Interruption {
  /// How far the process is.
  private enum Stage { case running, interrupted, ended }

  /// What a handler passes on: the signal, and the address that could not be read.
  private struct Message {
    var signal: UInt64
    var address: UInt64
  }

  private static let stage = Mutex(Stage.running)
  /// The signals that ask the process to end.
  private static let requests = [SIGINT, SIGTERM, SIGHUP]
  /// The seconds that the reaction has before another signal ends the process at once.
  private static let patience = 2.0

  /// Runs a reaction when SIGINT, SIGTERM or SIGHUP arrives, then dies of the signal; call it once.
  ///
  /// Signals that follow within two seconds are taken for the same one: `timeout` sends two, and a terminal
  /// and a shell may each send theirs. A later one ends the process at once, in case the reaction hangs. A
  /// signal that was ignored from the start, as under `nohup`, stays ignored.
  ///
  /// - Parameters:
  ///   - reaction: what to do on such a signal.
  ///   - busError: told the address of memory that could not be read (SIGBUS); it ends the process where it
  ///     knows why, and returns where it doesn't: the process then dies of the signal.
  static func install(
    reaction: @escaping @Sendable () -> Void, busError: @escaping @Sendable (_ address: UInt) -> Void
  ) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let reader = ends[0]
    unsafe signalPipe = ends[1]
    Thread.detachNewThread {
      while let message = receive(from: reader) {
        let number = Int32(truncatingIfNeeded: message.signal)
        restoreDefaultsLater()
        if begin() {
          if number == SIGBUS { busError(UInt(message.address)) } else { reaction() }
        }
        die(of: number)
      }
    }
    let ignored = ignoredSignals()
    for number in requests where ignored & (1 << UInt64(number - 1)) == 0 { handle(number) }
    handle(SIGBUS)
  }

  /// Marks the end of the work; where a signal came before, waits to die of it instead.
  ///
  /// What was interrupted fails in ways that are no errors, and the exit status is then the signal's.
  static func finish() {
    stage.withLock { if $0 == .running { $0 = .ended } }
    waitIfInterrupted()
  }

  /// Notes a signal; false where the work has ended, so that there is nothing to clean up.
  private static func begin() -> Bool {
    stage.withLock { stage in
      guard stage == .running else { return false }
      stage = .interrupted
      return true
    }
  }

  /// Never returns once a signal has been taken.
  static func waitIfInterrupted() {
    while stage.withLock({ $0 == .interrupted }) { Thread.sleep(forTimeInterval: 1) }
  }

  /// Ends the process as the signal would have, so that the caller's shell sees why.
  static func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, number)
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(number)
    _exit(128 + number)
  }

  private static func handle(_ number: Int32) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_sigaction = { number, info, _ in
      let saved = errno
      var message = Message(signal: UInt64(number), address: 0)
      if number == SIGBUS, let info = unsafe info {
        message.address = UInt64(UInt(bitPattern: unsafe info.pointee._sifields._sigfault.si_addr))
      }
      _ = unsafe write(signalPipe, &message, MemoryLayout<Message>.size)
      // Returning would read the missing memory again.
      while number == SIGBUS { pause() }
      errno = saved
    }
    action.sa_flags = SA_SIGINFO | SA_RESTART
    unsafe sigaction(number, &action, nil)
  }

  private static func receive(from descriptor: Int32) -> Message? {
    var message = Message(signal: 0, address: 0)
    while true {
      let count = unsafe read(descriptor, &message, MemoryLayout<Message>.size)
      if count == MemoryLayout<Message>.size { return message }
      guard count < 0, errno == EINTR else { return nil }
    }
  }

  private static func restoreDefaultsLater() {
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: patience)
      for number in requests { signal(number, SIG_DFL) }
    }
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

/// The end of the pipe that handlers write to; set before the first one is installed.
///
/// A plain global of constant value: what a handler reads must need no lazy setting up.
nonisolated(unsafe) private var signalPipe: Int32 = -1
