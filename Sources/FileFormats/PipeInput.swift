import Foundation

/// The end of a pipe that is written, with an end to waiting for who reads it.
package struct PipeInput: ~Copyable {
  /// What became of some bytes.
  package enum Outcome: Equatable, Sendable {
    /// The pipe has them.
    case written
    /// Nobody reads any more.
    case closed
    /// The pipe stayed full.
    case full
  }

  private let handle: FileHandle

  /// The end of a pipe; writing to it is from now on up to this.
  package init(_ handle: FileHandle) {
    self.handle = handle
    let flags = fcntl(handle.fileDescriptor, F_GETFL)
    // A pipe that is full would otherwise hold a write for as long as nobody reads.
    _ = fcntl(handle.fileDescriptor, F_SETFL, flags | O_NONBLOCK)
  }

  /// Writes bytes, all of them if the pipe takes them before an instant.
  ///
  /// Writing where nobody reads raises SIGPIPE, unless that is ignored.
  package func write(_ bytes: [UInt8], before deadline: SuspendingClock.Instant) -> Outcome {
    bytes.withUnsafeBytes { raw in
      var rest = raw[...]
      while !rest.isEmpty {
        let written = Glibc.write(
          handle.fileDescriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if errno == EAGAIN {
          guard PipeWait.output.isReady(handle, before: deadline) else { return .full }
        } else if errno != EINTR {
          return .closed
        }
      }
      return .written
    }
  }

  /// Says that nothing more comes.
  package func close() { try? handle.close() }
}
