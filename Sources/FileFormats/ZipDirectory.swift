/// Reads the central directory of a zip archive and checks where it says the members are.
struct ZipDirectory {
  /// The signatures that the parts of an archive start with.
  enum Signature {
    static let local: [UInt8] = [0x50, 0x4B, 3, 4]
    static let entry: [UInt8] = [0x50, 0x4B, 1, 2]
    static let end: [UInt8] = [0x50, 0x4B, 5, 6]
    static let end64: [UInt8] = [0x50, 0x4B, 6, 6]
    static let locator64: [UInt8] = [0x50, 0x4B, 6, 7]
  }

  private let region: ByteRegion
  private let path: String
  private let range: Range<Int>
  private let entryCount: Int

  /// A directory entry before the local header it points to has been checked.
  private struct Entry {
    let offset: Int
    let name: ByteRegion
    let flags: UInt16
    let method: UInt16
    let checksum: UInt32
    let fileType: UInt32
    let size: Int
    let packedSize: Int
    let headerOffset: Int
  }

  /// Finds the directory.
  init(_ region: ByteRegion, path: String) throws(FileError) {
    self.region = region
    self.path = path
    guard let end = Self.endRecord(of: region) else {
      throw FileError(
        path, at: .byte(region.count), "is not a zip archive, or cut short: it doesn't end in a directory")
    }
    var count = UInt64(region.littleEndian(UInt16.self, at: end + 10))
    var size = UInt64(region.littleEndian(UInt32.self, at: end + 12))
    var offset = UInt64(region.littleEndian(UInt32.self, at: end + 16))
    var limit = end
    if end >= 20, region.has(Signature.locator64, at: end - 20) {
      let record = region.littleEndian(UInt64.self, at: end - 12)
      guard let end64 = Int(exactly: record), end64 <= end - 20 - 56, region.has(Signature.end64, at: end64)
      else { throw FileError(path, at: .byte(end - 12), "points to no 64-bit end of directory") }
      count = region.littleEndian(UInt64.self, at: end64 + 32)
      size = region.littleEndian(UInt64.self, at: end64 + 40)
      offset = region.littleEndian(UInt64.self, at: end64 + 48)
      limit = end64
    }
    guard region.littleEndian(UInt16.self, at: end + 4) == 0 || limit != end else {
      throw FileError(path, at: .byte(end + 4), "archives of several volumes are not read here")
    }
    guard offset <= limit, size <= UInt64(limit) - offset else {
      throw FileError(path, at: .byte(limit), "the directory is declared to lie outside the file")
    }
    guard count <= size / 46 else {
      throw FileError(path, at: .byte(limit), "\(count) entries don't fit into a directory of \(size) bytes")
    }
    range = Int(offset)..<Int(offset + size)
    entryCount = Int(count)
  }

  /// The members, checked to lie in the file one behind the other.
  func members() throws(FileError) -> [ZipArchive.Member] {
    var position = range.lowerBound
    var spans: [Range<Int>] = []
    var names = NameIndex()
    var members: [ZipArchive.Member] = []
    for _ in 0..<entryCount {
      let entry = try self.entry(at: &position)
      let data = try self.data(of: entry)
      guard let name = String(validating: entry.name.array, as: UTF8.self) else {
        throw FileError(path, at: .byte(entry.offset + 46), "a member's name is not UTF-8")
      }
      guard names.insert(name) else {
        throw FileError(path, at: .byte(entry.offset), "the name \(name) occurs twice")
      }
      spans.append(entry.headerOffset..<data.upperBound)
      members.append(
        .init(
          name: name, size: entry.size, flags: entry.flags, method: entry.method, checksum: entry.checksum,
          fileType: entry.fileType, data: data))
    }
    guard position == range.upperBound else {
      throw FileError(path, at: .byte(position), "more bytes than entries in the directory")
    }
    // Overlapping members would let a small archive unpack to any size.
    spans.sort { $0.lowerBound < $1.lowerBound }
    for (former, latter) in zip(spans, spans.dropFirst()) where former.upperBound > latter.lowerBound {
      throw FileError(path, at: .byte(latter.lowerBound), "a member starts inside another")
    }
    return members
  }

  private func entry(at position: inout Int) throws(FileError) -> Entry {
    let start = position
    guard range.upperBound - start >= 46, region.has(Signature.entry, at: start) else {
      throw FileError(path, at: .byte(start), "expected an entry of the directory")
    }
    let nameEnd = start + 46 + Int(region.littleEndian(UInt16.self, at: start + 28))
    let extraEnd = nameEnd + Int(region.littleEndian(UInt16.self, at: start + 30))
    position = extraEnd + Int(region.littleEndian(UInt16.self, at: start + 32))
    guard position <= range.upperBound else {
      throw FileError(path, at: .byte(start), "an entry reaches beyond the directory")
    }
    var wide = try wideNumbers(nameEnd..<extraEnd)[...]
    func number(at offset: Int) throws(FileError) -> Int {
      let short = region.littleEndian(UInt32.self, at: start + offset)
      guard short == .max else { return Int(short) }
      guard let long = wide.popFirst().flatMap({ Int(exactly: $0) }) else {
        throw FileError(path, at: .byte(start + offset), "a 64-bit number is missing or too large")
      }
      return long
    }
    let size = try number(at: 24)
    let packedSize = try number(at: 20)
    return Entry(
      offset: start, name: region[start + 46..<nameEnd],
      flags: region.littleEndian(UInt16.self, at: start + 8),
      method: region.littleEndian(UInt16.self, at: start + 10),
      checksum: region.littleEndian(UInt32.self, at: start + 16),
      // Archivers on Unix keep the mode in the upper half of the attributes; others leave it 0.
      fileType: region.littleEndian(UInt32.self, at: start + 38) >> 16 & 0o170000,
      size: size, packedSize: packedSize, headerOffset: try number(at: 42))
  }

  /// The numbers of the extra field that holds what doesn't fit into 32 bits; empty without that field.
  private func wideNumbers(_ extra: Range<Int>) throws(FileError) -> [UInt64] {
    var position = extra.lowerBound
    while extra.upperBound - position >= 4 {
      let length = Int(region.littleEndian(UInt16.self, at: position + 2))
      guard length <= extra.upperBound - position - 4 else {
        throw FileError(path, at: .byte(position), "an extra field reaches beyond its entry")
      }
      if region.littleEndian(UInt16.self, at: position) == 1 {
        return (0..<length / 8).map { region.littleEndian(UInt64.self, at: position + 4 + 8 * $0) }
      }
      position += 4 + length
    }
    return []
  }

  /// Where a member's contents lie, behind a local header that must agree with the entry.
  private func data(of entry: Entry) throws(FileError) -> Range<Int> {
    let start = entry.headerOffset
    guard start <= range.lowerBound - 30, region.has(Signature.local, at: start) else {
      throw FileError(path, at: .byte(entry.offset + 42), "an entry points to no member at byte \(start)")
    }
    let nameEnd = start + 30 + Int(region.littleEndian(UInt16.self, at: start + 26))
    let dataStart = nameEnd + Int(region.littleEndian(UInt16.self, at: start + 28))
    guard dataStart <= range.lowerBound, entry.packedSize <= range.lowerBound - dataStart else {
      throw FileError(path, at: .byte(start), "a member reaches into the directory")
    }
    guard region.has(entry.name.array, at: start + 30), nameEnd == start + 30 + entry.name.count,
      region.littleEndian(UInt16.self, at: start + 8) == entry.method
    else { throw FileError(path, at: .byte(start), "a member's own header differs from the directory") }
    return dataStart..<dataStart + entry.packedSize
  }

  /// The end record: the last one whose comment reaches exactly to the end of the file.
  private static func endRecord(of region: ByteRegion) -> Int? {
    let last = region.count - 22
    guard last >= 0 else { return nil }
    return (max(0, last - 0xFFFF)...last).last { position in
      region.has(Signature.end, at: position)
        && Int(region.littleEndian(UInt16.self, at: position + 20)) == last - position
    }
  }
}
