import Foundation

/// Waits for a pipe, but not for ever.
enum PipeWait {
  /// Until there is something to read, or nothing will ever be.
  case input
  /// Until something can be written, or nobody reads any more.
  case output

  private var events: Int16 { Int16(self == .input ? POLLIN : POLLOUT) }

  /// What a pipe is ready for, at the latest at an instant; nil where that passes.
  private func found(_ handle: FileHandle, before deadline: SuspendingClock.Instant) -> Int16? {
    while true {
      let left = max(.zero, deadline - .now) / .milliseconds(1)
      var descriptor = pollfd(fd: handle.fileDescriptor, events: events, revents: 0)
      // An interruption, or the end of the longest wait that `poll` knows, is no answer.
      if poll(&descriptor, 1, Int32(min(left.rounded(.up), 1e9))) > 0 { return descriptor.revents }
      if left <= 0 { return nil }
    }
  }

  /// Whether the pipe is ready, or its other end closed, before an instant.
  func isReady(_ handle: FileHandle, before deadline: SuspendingClock.Instant) -> Bool {
    found(handle, before: deadline) != nil
  }

  /// Whether the pipe is ready now.
  func isReady(_ handle: FileHandle) -> Bool { (found(handle, before: .now) ?? 0) & events != 0 }
}
