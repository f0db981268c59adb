extension FileError {
  /// A piece of text from a file, made fit for an error message: one line, of bounded length.
  ///
  /// Control characters and marks that reverse the direction of writing are shown as escapes, so that a
  /// hostile name can't forge a line of the log.
  public static func excerpt(_ text: some StringProtocol, limit: Int = 48) -> String {
    var result = ""
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == limit { return result + "…" }
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The excerpt of UTF-8 bytes; reads no more of them than it shows, and shows invalid ones as `�`.
  static func excerpt(_ bytes: UnsafeRawBufferPointer, limit: Int = 48) -> String {
    let shown = UnsafeRawBufferPointer(rebasing: bytes.prefix(4 * (limit + 1)))
    return excerpt(String(decoding: shown, as: UTF8.self), limit: limit)
  }
}
