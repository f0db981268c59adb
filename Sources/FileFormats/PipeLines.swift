import Foundation

/// The lines that come out of a pipe, as they come.
package struct PipeLines: ~Copyable {
  /// What came, or did not.
  package enum Reply: Equatable, Sendable {
    /// A line without its end, repaired where it is no UTF-8.
    case line(String)
    /// Nothing more, ever; what came after the last end of a line is no line.
    case end
    /// Nothing in time.
    case silence
  }

  private static let longest = ByteLines.longest
  private let handle: FileHandle
  private var pending: [UInt8] = []
  /// Where the search for the next end of a line goes on.
  private var searched = 0

  /// The lines of the end of a pipe that is read.
  package init(_ handle: FileHandle) { self.handle = handle }

  /// Whether something is there behind the last line, without waiting for it.
  package var hasMore: Bool { !pending.isEmpty || PipeWait.input.isReady(handle) }

  /// The next line, if it comes before an instant.
  ///
  /// - Throws: `FileError` for a line of more than 64 MiB.
  package mutating func next(before deadline: SuspendingClock.Instant) throws(FileError) -> Reply {
    while true {
      if let end = pending[searched...].firstIndex(of: 0x0A) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        searched = 0
        return .line(line)
      }
      searched = pending.count
      guard pending.count <= Self.longest else {
        throw FileError("a pipe", "brought a line of more than \(Self.longest >> 20) MiB")
      }
      guard PipeWait.input.isReady(handle, before: deadline) else { return .silence }
      let more = handle.availableData
      guard !more.isEmpty else { return .end }
      pending += more
    }
  }
}
