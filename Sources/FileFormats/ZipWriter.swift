/// Writes a zip archive whose bytes depend only on its members: no times, no owners.
struct ZipWriter {
  private let sink: FileSink
  private let path: String
  /// From this number on, sizes and offsets are written as 64-bit numbers; tests lower it.
  private let wideFrom: Int
  private var directory: [UInt8] = []
  private var memberCount = 0

  init(_ sink: FileSink, path: String, wideFrom: Int = 0xFFFF_FFFF) {
    self.sink = sink
    self.path = path
    self.wideFrom = wideFrom
  }

  /// Adds a member from the pieces of its contents, stored or deflated.
  mutating func add(_ name: String, _ pieces: [ByteRegion], isCompressed: Bool) throws(FileError) {
    guard name.utf8.count <= 0xFFFF - 64 else {
      throw FileError(path, at: .key(String(name.prefix(40))), "the name is too long for a zip archive")
    }
    let size = pieces.reduce(0) { $0 + $1.count }
    let checksum = pieces.reduce(0 as UInt32) { Deflate.checksum($1, after: $0) }
    let packed = isCompressed ? [ByteRegion(try Deflate.deflate(pieces, path: path))] : pieces
    let packedSize = packed.reduce(0) { $0 + $1.count }
    let offset = sink.count
    let isWide = size >= wideFrom || packedSize >= wideFrom
    let isWideOffset = offset >= wideFrom

    var common: [UInt8] = []
    common.append(littleEndian: (isWide || isWideOffset ? 45 : 20) as UInt16)
    common.append(littleEndian: 0x0800 as UInt16)
    common.append(littleEndian: (isCompressed ? 8 : 0) as UInt16)
    // Midnight of 1 January 1980, the first day that the format can name.
    common.append(littleEndian: 0 as UInt16)
    common.append(littleEndian: 0x0021 as UInt16)
    common.append(littleEndian: checksum)
    common.append(littleEndian: isWide ? .max : UInt32(packedSize))
    common.append(littleEndian: isWide ? .max : UInt32(size))
    common.append(littleEndian: UInt16(name.utf8.count))
    let sizes = isWide ? [size, packedSize] : []
    let localExtra = Self.extraField(sizes)
    let entryExtra = Self.extraField(sizes + (isWideOffset ? [offset] : []))

    var local = ZipDirectory.Signature.local + common
    local.append(littleEndian: UInt16(localExtra.count))
    try sink.write(local + Array(name.utf8) + localExtra)
    for piece in packed { try sink.write(piece) }

    directory += ZipDirectory.Signature.entry
    directory.append(littleEndian: 45 as UInt16)
    directory += common
    directory.append(littleEndian: UInt16(entryExtra.count))
    directory += [UInt8](repeating: 0, count: 10)
    directory.append(littleEndian: isWideOffset ? .max : UInt32(offset))
    directory += Array(name.utf8) + entryExtra
    memberCount += 1
  }

  /// Writes the directory.
  func finish() throws(FileError) {
    let offset = sink.count
    try sink.write(directory)
    let isWide = offset >= wideFrom || directory.count >= wideFrom || memberCount >= min(wideFrom, 0xFFFF)
    var end: [UInt8] = []
    if isWide {
      let end64 = sink.count
      end += ZipDirectory.Signature.end64
      end.append(littleEndian: 44 as UInt64)
      end.append(littleEndian: 45 as UInt16)
      end.append(littleEndian: 45 as UInt16)
      end.append(littleEndian: 0 as UInt64)
      for number in [memberCount, memberCount, directory.count, offset] {
        end.append(littleEndian: UInt64(number))
      }
      end += ZipDirectory.Signature.locator64
      end.append(littleEndian: 0 as UInt32)
      end.append(littleEndian: UInt64(end64))
      end.append(littleEndian: 1 as UInt32)
    }
    end += ZipDirectory.Signature.end
    end.append(littleEndian: 0 as UInt32)
    end.append(littleEndian: isWide ? .max : UInt16(memberCount))
    end.append(littleEndian: isWide ? .max : UInt16(memberCount))
    end.append(littleEndian: isWide ? .max : UInt32(directory.count))
    end.append(littleEndian: isWide ? .max : UInt32(offset))
    end.append(littleEndian: 0 as UInt16)
    try sink.write(end)
  }

  private static func extraField(_ numbers: [Int]) -> [UInt8] {
    guard !numbers.isEmpty else { return [] }
    var field: [UInt8] = []
    field.append(littleEndian: 1 as UInt16)
    field.append(littleEndian: UInt16(8 * numbers.count))
    for number in numbers { field.append(littleEndian: UInt64(number)) }
    return field
  }
}
