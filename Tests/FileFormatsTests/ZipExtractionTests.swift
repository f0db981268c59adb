import Foundation
import Testing

@testable import FileFormats

@Suite struct ZipExtractionTests {
  private func archive(_ members: [(String, [UInt8])], in folder: ScratchFolder, isCompressed: Bool = true)
    throws
  {
    try AtomicFile.write(to: folder["a.zip"]) { sink throws(FileError) in
      var writer = ZipWriter(sink, path: "a.zip")
      for (name, bytes) in members { try writer.add(name, [ByteRegion(bytes)], isCompressed: isCompressed) }
      try writer.finish()
    }
  }

  /// Everything below the folder but the archive.
  private func files(_ folder: ScratchFolder) -> [String] {
    (FileManager.default.subpaths(atPath: folder.path) ?? []).filter { $0 != "a.zip" }.sorted()
  }

  private func refusal(_ folder: ScratchFolder, members: [String]? = nil) -> String {
    do throws(FileError) {
      _ = try ZipExtraction.extract(folder["a.zip"], members: members, into: folder.path)
      return "nothing was refused"
    } catch {
      return error.description
    }
  }

  @Test(arguments: [false, true])
  func unpacksWhatIsAskedFor(isCompressed: Bool) throws {
    let folder = try ScratchFolder()
    let large = [UInt8]((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) })
    try archive([("one/a", large), ("one/b", [1]), ("c", [])], in: folder, isCompressed: isCompressed)
    let paths = try ZipExtraction.extract(folder["a.zip"], members: ["one/a"], into: folder.path)
    #expect(paths == [folder["one/a"]])
    #expect(try folder.bytes("one/a") == large)
    #expect(files(folder) == ["one", "one/a"])
    _ = try ZipExtraction.extract(folder["a.zip"], into: folder.path)
    #expect(files(folder) == ["c", "one", "one/a", "one/b"])
  }

  /// At once and in pieces, a deflate stream must fill what the archive says it has, packed and unpacked.
  @Test func bytesBehindADeflateStreamAreRefused() throws {
    let contents = ByteRegion([UInt8](repeating: 7, count: 100))
    let source = ByteRegion(try Deflate.deflate([contents], path: "x") + [0])
    let refusal = FileError("x", "1 bytes follow the end of the compressed data")
    #expect(throws: refusal) {
      _ = try Deflate.inflate(source, size: 100, path: "x", place: .file)
    }
    #expect(throws: refusal) {
      try Deflate.inflate(source, size: 100, path: "x", place: .file) { _ in }
    }
  }

  @Test func whatIsThereIsLeftAloneAndWhatDiffersIsReplaced() throws {
    let folder = try ScratchFolder()
    try archive([("same", [1, 2]), ("other", [3, 4])], in: folder)
    try AtomicFile.write([1, 2], to: folder["same"])
    try AtomicFile.write([9, 9], to: folder["other"])
    func number(_ name: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: folder[name])[.systemFileNumber] as? Int
    }
    let before = try number("same")
    _ = try ZipExtraction.extract(folder["a.zip"], into: folder.path)
    #expect(try number("same") == before)
    #expect(try folder.bytes("other") == [3, 4])
  }

  @Test(
    arguments: [
      ("../evil", "leads out"), ("a/../../evil", "leads out"), ("..", "leads out"), ("/etc/evil", "absolute"),
      ("C:/evil", "absolute"), ("a//b", "can't be"), ("./a", "can't be"), ("a\\..\\b", "can't be"),
      ("a\nb", "can't be"), ("", "can't be"),
    ])
  func namesThatLeadElsewhereAreRefused(name: String, message: String) throws {
    let folder = try ScratchFolder()
    // The whole archive is refused, also where only the harmless member is wanted.
    try archive([("good", [1]), (name, [2])], in: folder)
    let line = refusal(folder, members: ["good"])
    #expect(line.contains(message) && line.hasPrefix(folder["a.zip"]) && !line.contains("\n"), "\(line)")
    #expect(files(folder).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/../evil"))
  }

  @Test(arguments: [
    (0o120777, "symbolic link"), (0o010644, "not a regular file"), (0o060644, "not a regular"),
  ])
  func specialFilesAreRefused(mode: Int, message: String) throws {
    let folder = try ScratchFolder()
    try archive([("link", Array("/etc".utf8))], in: folder, isCompressed: false)
    var bytes = try folder.bytes("a.zip")
    let entry = try #require(bytes.indices.first { bytes[$0...].starts(with: ZipDirectory.Signature.entry) })
    bytes.replaceSubrange(entry + 40..<entry + 42, with: [UInt8(mode & 0xFF), UInt8(mode >> 8)])
    try AtomicFile.write(bytes, to: folder["a.zip"])
    #expect(refusal(folder).contains(message))
    #expect(files(folder).isEmpty)
  }

  @Test func aBombIsRefusedBeforeAByteIsWritten() throws {
    let folder = try ScratchFolder()
    try archive([("bomb", [UInt8](repeating: 0, count: 20_000_000))], in: folder)
    let line = refusal(folder)
    #expect(line.contains("bomb: unpacks to 20000000 bytes"), "\(line)")
    #expect(files(folder).isEmpty)
  }

  @Test func aMissingMemberIsNamed() throws {
    let folder = try ScratchFolder()
    try archive([("a", [1]), ("folder/", [])], in: folder)
    #expect(refusal(folder, members: ["b"]).hasSuffix("b: the archive has no such file"))
    #expect(refusal(folder, members: ["folder/"]).hasSuffix("the archive has no such file"))
  }

  @Test(arguments: [false, true])
  func damageLeavesTheOldFile(isCompressed: Bool) throws {
    let folder = try ScratchFolder()
    let large = [UInt8]((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) })
    try archive([("a", large)], in: folder, isCompressed: isCompressed)
    try AtomicFile.write([7], to: folder["a"])
    var bytes = try folder.bytes("a.zip")
    bytes[20_000] ^= 0xFF
    try AtomicFile.write(bytes, to: folder["a.zip"])
    #expect(refusal(folder).contains("a.zip: a: "))
    #expect(try folder.bytes("a") == [7])
    #expect(files(folder) == ["a"])
  }
}
