import Foundation

/// The lines that come out of a pipe, as they come.
package struct PipeLines: ~Copyable {
  private static let longest = ByteLines.longest
  private let handle: FileHandle
  private var pending: [UInt8] = []
  /// Where the search for the next end of a line goes on.
  private var searched = 0

  /// The lines of the end of a pipe that is read.
  package init(_ handle: FileHandle) { self.handle = handle }

  /// Whether something is there behind the last line, without waiting for it.
  package var hasMore: Bool {
    if !pending.isEmpty { return true }
    var descriptor = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, 0) > 0 && descriptor.revents & Int16(POLLIN) != 0
  }

  /// The next line without its end, repaired where it is no UTF-8; nil at the end of the output.
  ///
  /// - Throws: `FileError` for a line of more than 64 MiB.
  package mutating func next() throws(FileError) -> String? {
    while true {
      if let end = pending[searched...].firstIndex(of: 0x0A) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        searched = 0
        return line
      }
      searched = pending.count
      guard pending.count <= Self.longest else {
        throw FileError("a pipe", "brought a line of more than \(Self.longest >> 20) MiB")
      }
      let more = handle.availableData
      guard !more.isEmpty else { return nil }
      pending += more
    }
  }
}
