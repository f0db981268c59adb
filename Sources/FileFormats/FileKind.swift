/// What kind of file some bytes are, told by how they start.
public enum FileKind: Sendable {
  /// Numpy's array.
  case npy
  /// A zip archive, such as an NPZ.
  case zip
  /// JSON objects: the first character, after a byte order mark, is a brace.
  case json
  /// Anything else, such as CSV.
  case text

  /// The kind of a file's bytes.
  public init(_ region: ByteRegion) {
    if region.has(NPYHeader.magic, at: 0) {
      self = .npy
    } else if region.has(ZipDirectory.Signature.local, at: 0) || region.has(ZipDirectory.Signature.end, at: 0)
    {
      self = .zip
    } else {
      let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
      let text = region.has(mark, at: 0) ? region[mark.count..<region.count] : region
      let first = text.withUnsafeBytes { bytes in bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } }
      self = first == UInt8(ascii: "{") ? .json : .text
    }
  }
}
