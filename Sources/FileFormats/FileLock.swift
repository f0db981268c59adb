import Foundation

/// A file that this process alone works with, until the value is gone or the process ends.
///
/// An advisory lock (flock): it keeps out other processes that take it too.
public final class FileLock: Sendable {
  private let descriptor: Int32

  /// Locks an existing file.
  ///
  /// - Throws: `FileError` for a file that can't be opened or that another process has locked.
  public init(_ path: String) throws(FileError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, "can't be opened: \(ByteRegion.lastError())") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isTaken = errno == EWOULDBLOCK
      let reason = ByteRegion.lastError()
      close(descriptor)
      throw FileError(path, isTaken ? "is in use by another process" : "can't be locked: \(reason)")
    }
  }

  deinit { close(descriptor) }
}
