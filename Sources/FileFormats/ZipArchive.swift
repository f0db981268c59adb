/// A zip archive that is read where it lies, through its central directory.
///
/// Reads stored and deflated members, also with 64-bit sizes. Format: PKWARE's APPNOTE.TXT.
public struct ZipArchive: Sendable {
  /// One file of an archive.
  public struct Member: Sendable, Equatable {
    /// The name, with `/` between folders.
    public let name: String
    /// The bytes of its contents.
    public let size: Int
    let flags: UInt16
    let method: UInt16
    let checksum: UInt32
    /// What a Unix system would call the kind of the file, such as `S_IFLNK`; 0 where the archive doesn't say.
    let fileType: UInt32
    /// The contents as they lie in the archive, stored or compressed.
    let data: Range<Int>
  }

  /// The archive's path, for messages.
  public let path: String
  /// The members in the order of the directory; their names differ.
  public let members: [Member]
  private let region: ByteRegion

  /// Maps an archive and reads its directory, but no member.
  ///
  /// - Throws: `FileError`, with the byte offset, for a directory that is damaged or points out of the file.
  public init(_ path: String) throws(FileError) {
    try self.init(ByteRegion(mapping: path), path: path)
  }

  /// Reads the directory of an archive in memory.
  ///
  /// - Throws: `FileError` as for a file.
  public init(_ region: ByteRegion, path: String) throws(FileError) {
    self.path = path
    self.region = region
    members = try ZipDirectory(region, path: path).members()
  }

  /// The contents of a member, with their checksum verified.
  ///
  /// A stored member is handed out in place; a deflated one is unpacked into memory.
  ///
  /// - Throws: `FileError` naming the member if it is damaged, encrypted or compressed in another way.
  public func contents(of member: Member) throws(FileError) -> ByteRegion {
    let packed = try packedContents(of: member)
    let contents =
      member.method == 0
      ? packed
      : try Deflate.inflate(packed, size: member.size, path: path, place: .key(member.name))
    try check(Deflate.checksum(contents), of: member)
    return contents
  }

  /// Writes the contents of a member to a file, a chunk at a time, and verifies their checksum at the end.
  ///
  /// - Throws: `FileError` naming the member as `contents(of:)` does, or the file that can't be written.
  func write(_ member: Member, to sink: FileSink) throws(FileError) {
    let packed = try packedContents(of: member)
    var checksum: UInt32 = 0
    if member.method == 0 {
      checksum = Deflate.checksum(packed)
      try sink.write(packed)
    } else {
      try Deflate.inflate(packed, size: member.size, path: path, place: .key(member.name)) {
        (chunk) throws(FileError) in
        checksum = Deflate.checksum(chunk, after: checksum)
        try sink.write(chunk)
      }
    }
    try check(checksum, of: member)
  }

  /// The contents as they lie in the archive, stored or deflated.
  private func packedContents(of member: Member) throws(FileError) -> ByteRegion {
    let place = FileError.Place.key(member.name)
    guard member.flags & 1 == 0 else { throw FileError(path, at: place, "is encrypted") }
    guard [0, 8].contains(member.method) else {
      throw FileError(
        path, at: place, "compression method \(member.method) is not read here, only stored and deflate")
    }
    let packed = region[member.data]
    guard member.method == 8 || packed.count == member.size else {
      throw FileError(path, at: place, "is stored in \(packed.count) bytes, but \(member.size) are declared")
    }
    return packed
  }

  private func check(_ checksum: UInt32, of member: Member) throws(FileError) {
    guard checksum == member.checksum else {
      throw FileError(path, at: .key(member.name), "its contents don't match their CRC-32 checksum")
    }
  }
}
