extension ByteRegion {
  private static let gzipMagic: [UInt8] = [0x1F, 0x8B]
  /// Head and tail of the smallest file that gzip writes.
  private static let gzipFrame = 18

  /// Opens a whole file read-only, as `init(mapping:)` does; one that gzip packed is unpacked into memory.
  ///
  /// The file's last four bytes say how much that is, so files of 4 GiB and more, and several packed ones joined to one,
  /// are refused.
  ///
  /// - Throws: `FileError` as for mapping, and for a damaged file.
  public init(unpacking path: String) throws(FileError) {
    let packed = try ByteRegion(mapping: path)
    guard packed.has(Self.gzipMagic, at: 0) else {
      self = packed
      return
    }
    guard packed.count >= Self.gzipFrame else {
      throw FileError(path, "is cut short: it begins as a gzip file")
    }
    let size = (1...4).reduce(0) { $0 << 8 | Int(packed[packed.count - $1]) }
    do throws(FileError) {
      self = try Deflate.inflate(packed, size: size, frame: .gzip, path: path, place: .file)
    } catch {
      throw FileError(path, "\(error.reason): unpack it with gunzip, which says more")
    }
  }
}
