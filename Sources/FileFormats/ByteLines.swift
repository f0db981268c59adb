/// The lines of bytes, before anybody says what they hold.
enum ByteLines {
  /// The longest line, in bytes, that is read: decoding takes many times a line's length in memory.
  static let longest = 1 << 26

  /// Gives each line without its end, and its number from 1, to a closure; blank lines are given too.
  ///
  /// Lines end in LF or CRLF; a byte order mark is skipped. `path` names the bytes in errors.
  ///
  /// - Throws: `FileError`, naming the line, for one that is longer than 64 MiB; and what the closure throws.
  /// - Complexity: one pass over the bytes.
  static func forEach(
    in region: ByteRegion, path: String,
    _ body: (_ line: UnsafeRawBufferPointer, _ number: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try region.withUnsafeBytes { (bytes) throws(FileError) -> Void in
      var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      var number = 0
      while position < bytes.count {
        number += 1
        // A longer line is not even searched for its end, so that it never comes into memory.
        let limit = min(bytes.count, position + longest + 1)
        var end = bytes[position..<limit].firstIndex(of: 0x0A) ?? limit
        guard end - position <= longest else {
          throw FileError(path, at: .line(number), "is longer than \(longest >> 20) MiB")
        }
        let next = end + 1
        if end > position, bytes[end - 1] == 0x0D { end -= 1 }
        try body(UnsafeRawBufferPointer(rebasing: bytes[position..<end]), number)
        position = next
      }
    }
  }
}
