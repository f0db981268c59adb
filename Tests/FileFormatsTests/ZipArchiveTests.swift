import Foundation
import Testing

@testable import FileFormats

@Suite struct ZipArchiveTests {
  private func archive(
    _ members: [(String, [UInt8])], isCompressed: Bool, wideFrom: Int = 0xFFFF_FFFF
  ) throws -> [UInt8] {
    let folder = try ScratchFolder()
    try AtomicFile.write(to: folder["a.zip"]) { sink throws(FileError) in
      var writer = ZipWriter(sink, path: "a.zip", wideFrom: wideFrom)
      for (name, bytes) in members {
        try writer.add(name, [ByteRegion(bytes)], isCompressed: isCompressed)
      }
      try writer.finish()
    }
    return try folder.bytes("a.zip")
  }

  private func contents(_ bytes: [UInt8]) throws(FileError) -> [String: [UInt8]] {
    let archive = try ZipArchive(ByteRegion(bytes), path: "a.zip")
    var result: [String: [UInt8]] = [:]
    for member in archive.members { result[member.name] = try archive.contents(of: member).array }
    return result
  }

  /// Where a signature stands, the n-th time.
  private func position(of signature: [UInt8], in bytes: [UInt8], skipping: Int = 0) throws -> Int {
    let all = bytes.indices.filter { bytes[$0...].starts(with: signature) }
    return try #require(all.dropFirst(skipping).first)
  }

  private func replacing(_ bytes: [UInt8], at position: Int, with new: [UInt8]) -> [UInt8] {
    var copy = bytes
    copy.replaceSubrange(position..<position + new.count, with: new)
    return copy
  }

  private let members: [(String, [UInt8])] = [
    ("empty", []), ("text", Array("hello hello hello".utf8)),
    ("é/zeros", [UInt8](repeating: 0, count: 200_000)),
  ]

  @Test(arguments: [false, true], [0xFFFF_FFFF, 100, 0])
  func roundTrips(isCompressed: Bool, wideFrom: Int) throws {
    let bytes = try archive(members, isCompressed: isCompressed, wideFrom: wideFrom)
    let found = try contents(bytes)
    #expect(found == Dictionary(uniqueKeysWithValues: members))
    #expect(try bytes == archive(members, isCompressed: isCompressed, wideFrom: wideFrom))
    #expect(try contents(archive([], isCompressed: isCompressed, wideFrom: wideFrom)).isEmpty)
  }

  @Test func contentsThatDontMatchTheirChecksumAreRefused() throws {
    let bytes = try archive([("text", Array("hello".utf8))], isCompressed: false)
    let damaged = replacing(bytes, at: try position(of: Array("hello".utf8), in: bytes), with: [0])
    #expect(throws: FileError("a.zip", at: .key("text"), "its contents don't match their CRC-32 checksum")) {
      try contents(damaged)
    }
  }

  @Test func encryptedAndOtherMethodsAreRefused() throws {
    let bytes = try archive([("text", Array("hello".utf8))], isCompressed: true)
    let entry = try position(of: ZipDirectory.Signature.entry, in: bytes)
    #expect(throws: FileError("a.zip", at: .key("text"), "is encrypted")) {
      try contents(replacing(bytes, at: entry + 8, with: [1]))
    }
    let bzip2 = replacing(replacing(bytes, at: entry + 10, with: [12]), at: 8, with: [12])
    #expect(
      throws: FileError(
        "a.zip", at: .key("text"), "compression method 12 is not read here, only stored and deflate")
    ) { try contents(bzip2) }
  }

  @Test func aBombIsBoundedByItsDeclaredSize() throws {
    let bytes = try archive([("bomb", [UInt8](repeating: 0, count: 50_000_000))], isCompressed: true)
    let entry = try position(of: ZipDirectory.Signature.entry, in: bytes)
    let small = replacing(bytes, at: entry + 24, with: [100, 0, 0, 0])
    #expect(throws: FileError("a.zip", at: .key("bomb"), "100 bytes are declared, the data has more")) {
      try contents(small)
    }
  }

  @Test func forgedSizesAreRefusedBeforeMemoryIsTaken() throws {
    let bytes = try archive([("text", Array("hello".utf8))], isCompressed: true)
    let entry = try position(of: ZipDirectory.Signature.entry, in: bytes)
    let large = replacing(bytes, at: entry + 24, with: [0xFE, 0xFF, 0xFF, 0xFF])
    #expect(
      throws: FileError("a.zip", at: .key("text"), "7 compressed bytes can't hold the declared 4294967294")
    ) { try contents(large) }
    let wide = try archive([("text", Array("hello".utf8))], isCompressed: true, wideFrom: 0)
    let extra = try position(of: [1, 0, 24, 0], in: wide)
    let huge = replacing(wide, at: extra + 4, with: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F])
    #expect(throws: FileError.self) { try contents(huge) }
    #expect(throws: FileError("a.zip", at: .key("text"), "6 bytes are declared, the data has only 5")) {
      try contents(replacing(bytes, at: entry + 24, with: [6, 0, 0, 0]))
    }
  }

  @Test func overlappingMembersAreRefused() throws {
    let bytes = try archive([("a", [1, 2, 3]), ("b", [4, 5, 6])], isCompressed: false)
    let entry = try position(of: ZipDirectory.Signature.entry, in: bytes)
    // Member a is declared to reach over the header of b.
    let long = replacing(bytes, at: entry + 20, with: [20, 0, 0, 0, 20, 0, 0, 0])
    #expect(throws: FileError("a.zip", at: .byte(34), "a member starts inside another")) {
      try contents(long)
    }
    let outside = replacing(bytes, at: entry + 42, with: [0xFF, 0xFF, 0, 0])
    #expect(
      throws: FileError("a.zip", at: .byte(entry + 42), "an entry points to no member at byte 65535")
    ) { try contents(outside) }
  }

  @Test func repeatedNamesAreRefused() throws {
    #expect(throws: FileError.self) {
      try contents(archive([("a", [1]), ("a", [2])], isCompressed: false))
    }
  }

  @Test(arguments: [false, true], [0xFFFF_FFFF, 0])
  func damageNeverCrashes(isCompressed: Bool, wideFrom: Int) throws {
    let small = members.map { ($0.0, Array($0.1.prefix(40))) }
    let bytes = try archive(small, isCompressed: isCompressed, wideFrom: wideFrom)
    for length in bytes.indices {
      #expect(throws: FileError.self) { try contents(Array(bytes[..<length])) }
    }
    for damaged in SampleArrays.damaged(bytes, flipping: 0..<bytes.count) { _ = try? contents(damaged) }
  }

  @Test func manyMembersNeedTheWideDirectory() throws {
    let many = (0..<70_000).map { ("\($0)", [UInt8]()) }
    let bytes = try archive(many, isCompressed: false)
    #expect(try ZipArchive(ByteRegion(bytes), path: "a.zip").members.count == 70_000)
  }
}
