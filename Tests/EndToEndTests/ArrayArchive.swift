import Foundation

/// An `.npz` written by hand, stored and not compressed, so that tests of imports need no numpy.
struct ArrayArchive {
  private var members: [(name: String, bytes: [UInt8])] = []

  /// Adds a matrix of floats.
  mutating func add(_ name: String, _ rows: [[Float]]) {
    let values = rows.joined().flatMap { Self.little($0.bitPattern) }
    add(name, type: "<f4", shape: "(\(rows.count), \(rows.first?.count ?? 0))", values)
  }

  /// Adds a list of ASCII names.
  mutating func add(_ name: String, _ texts: [String]) {
    let width = texts.map(\.utf8.count).max() ?? 1
    let values = texts.flatMap { text in
      (Array(text.utf8) + Array(repeating: 0, count: width - text.utf8.count)).flatMap {
        Self.little(UInt32($0))
      }
    }
    add(name, type: "<U\(width)", shape: "(\(texts.count),)", values)
  }

  private mutating func add(_ name: String, type: String, shape: String, _ values: [UInt8]) {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
    members.append(("\(name).npy", start + Array(padded.utf8) + values))
  }

  private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> Number($0 * 8)) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }

  /// The bytes of the archive (PKWARE's APPNOTE 6.3, §4.3).
  var bytes: [UInt8] {
    var files: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in members {
      let size = Self.little(UInt32(bytes.count))
      // Version, flags, method, time, date, checksum, both sizes, lengths of the name and of the rest.
      let common: [UInt8] =
        [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + Self.little(Self.checksum(bytes)) + size + size
        + Self.little(UInt16(name.utf8.count)) + [0, 0]
      directory +=
        [0x50, 0x4B, 1, 2, 20, 0] + common + Array(repeating: 0, count: 10) + Self.little(UInt32(files.count))
        + Array(name.utf8)
      files += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + bytes
    }
    let count = Self.little(UInt16(members.count))
    return files + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
      + Self.little(UInt32(directory.count)) + Self.little(UInt32(files.count)) + [0, 0]
  }
}
