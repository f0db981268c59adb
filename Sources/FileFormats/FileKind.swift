/// What kind of file some bytes are, told by how they start: the one recogniser of all readers.
public enum FileKind: Sendable, CaseIterable {
  /// Numpy's array.
  case npy
  /// A zip archive whose first member is an array: Numpy's archive of arrays.
  case npz
  /// A zip archive that holds an Excel workbook.
  case excel
  /// Another zip archive, or an empty one.
  case zip
  /// JSON objects: the first character, after a byte order mark, is a brace.
  case json
  /// One JSON list of objects.
  case jsonList
  /// Columns of a data frame.
  case parquet, arrow, hdf5
  /// Python objects.
  case pickle
  /// A database in one file.
  case sqlite
  /// A document and not a table.
  case pdf, html
  /// Packed bytes.
  case gzip, bzip2, xz, zstandard
  /// Text of two bytes a character.
  case utf16
  /// Text without control characters, such as CSV.
  case text
  /// Anything else.
  case unknown

  private static let signatures: [(kind: FileKind, bytes: [UInt8])] = [
    (.npy, NPYHeader.magic), (.zip, ZipDirectory.Signature.local), (.zip, ZipDirectory.Signature.end),
    (.parquet, Array("PAR1".utf8)), (.arrow, Array("ARROW1".utf8)),
    (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]), (.sqlite, Array("SQLite format 3\0".utf8)),
    (.pdf, Array("%PDF-".utf8)), (.gzip, [0x1F, 0x8B]), (.bzip2, Array("BZh".utf8)),
    (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]), (.zstandard, [0x28, 0xB5, 0x2F, 0xFD]),
    (.utf16, [0xFF, 0xFE]), (.utf16, [0xFE, 0xFF]),
  ]

  /// The kind of a file's bytes.
  public init(_ region: ByteRegion) {
    if let found = Self.signatures.first(where: { region.has($0.bytes, at: 0) })?.kind {
      self = found == .zip ? Self.archive(region) : found
      return
    }
    if region.count > 2, region[0] == 0x80, (2...5).contains(region[1]) {
      self = .pickle
      return
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let body = region.has(mark, at: 0) ? region[mark.count..<region.count] : region
    let start = body[0..<min(body.count, 512)].array
    let text = start.drop { Self.spaces.contains($0) }
    let word = String(decoding: text.prefix(15), as: UTF8.self).lowercased()
    if text.first == UInt8(ascii: "{") {
      self = .json
    } else if text.first == UInt8(ascii: "["),
      text.dropFirst().first(where: { !Self.spaces.contains($0) }) == UInt8(ascii: "{")
    {
      self = .jsonList
    } else if word.hasPrefix("<!doctype html") || word.hasPrefix("<html") {
      self = .html
    } else {
      self = start.allSatisfy({ $0 >= 0x20 || Self.spaces.contains($0) }) ? .text : .unknown
    }
  }

  private static let spaces: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]

  /// What a zip archive is, by the name of its first member.
  private static func archive(_ region: ByteRegion) -> FileKind {
    guard region.count > 30, region.has(ZipDirectory.Signature.local, at: 0) else { return .zip }
    let length = Int(region[26]) | Int(region[27]) << 8
    let name = String(decoding: region[30..<min(30 + length, region.count)].array, as: UTF8.self)
    if name.hasSuffix(".npy") { return .npz }
    let isExcel =
      name == "[Content_Types].xml" || ["xl/", "_rels/", "docProps/"].contains { name.hasPrefix($0) }
    return isExcel ? .excel : .zip
  }
}
