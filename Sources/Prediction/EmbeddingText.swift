/// An embedding as one line of text.
package enum EmbeddingText {
  /// The numbers of a line: a JSON list, or numbers with spaces, tabs or commas between them.
  ///
  /// Nil for an empty line and anything that is not a finite number of single precision.
  package static func numbers(_ line: String) -> [Float]? {
    var bytes = line.utf8[...]
    func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0D].contains(byte) }
    bytes = bytes.drop(while: isSpace)
    while let last = bytes.last, isSpace(last) { bytes.removeLast() }
    if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]"), bytes.count >= 2 {
      bytes = bytes.dropFirst().dropLast()
    }
    var values: [Float] = []
    for part in bytes.split(whereSeparator: { isSpace($0) || $0 == UInt8(ascii: ",") }) {
      guard let value = Float(Substring(part)), value.isFinite else { return nil }
      values.append(value)
    }
    return values.isEmpty ? nil : values
  }
}
