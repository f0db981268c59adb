import Foundation
import Testing

@testable import FileFormats

/// Files that another program cuts short while they are read. (That a command says so is tested end to end.)
@Suite struct MappedFilesTests {
  private let registry = MappedFiles()

  private func file(_ folder: ScratchFolder, count: Int) throws -> String {
    try AtomicFile.write([UInt8](repeating: 7, count: count), to: folder["a"])
    return folder["a"]
  }

  @Test func smallFilesStayAsTheyWere() throws {
    let folder = try ScratchFolder()
    let path = try file(folder, count: ByteRegion.largestCopy)
    let region = try ByteRegion(mapping: path)
    try #require(truncate(path, 0) == 0)
    #expect(region.array == [UInt8](repeating: 7, count: ByteRegion.largestCopy))
  }

  @Test func aSmallFileThatEndsEarlyIsNamed() throws {
    let folder = try ScratchFolder()
    let path = try file(folder, count: 10)
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    #expect(throws: MappedFiles.cutShort(path)) { try ByteRegion(reading: descriptor, count: 11, path: path) }
  }

  @Test func theMappedFileOfAnAddressIsNamed() throws {
    let folder = try ScratchFolder()
    let count = ByteRegion.largestCopy + 1
    let path = try file(folder, count: count)
    var region: ByteRegion? = try ByteRegion(mapping: path, registry: registry)
    let start = try #require(region?.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) })
    try #require(truncate(path, 5) == 0)
    for offset in [0, count - 1] {
      #expect(registry.fault(at: start + UInt(offset)) == MappedFiles.cutShort(path))
    }
    #expect(registry.fault(at: start + UInt(count)) == nil)
    region = nil
    #expect(registry.fault(at: start) == nil)
  }

  /// A few bytes less give no signal, they are read as 0: so no output is made of them.
  @Test(arguments: [true, false]) func nothingIsMadeOfAFileThatWasCutShort(isStillMapped: Bool) throws {
    let folder = try ScratchFolder()
    let count = ByteRegion.largestCopy + 100
    let path = try file(folder, count: count)
    var region: ByteRegion? = try ByteRegion(mapping: path, registry: registry)
    #expect(registry.fault() == nil)
    try #require(truncate(path, off_t(count - 10)) == 0)
    #expect(region?[count - 1] == 0)
    if !isStillMapped { region = nil }
    #expect(throws: MappedFiles.cutShort(path)) {
      try AtomicFile.write(to: folder["out"], registry: TemporaryOutputs(inputs: registry)) {
        sink throws(FileError) in try sink.write("made of zeros")
      }
    }
    #expect(try folder.names == ["a"])
    withExtendedLifetime(region) {}
  }

  @Test func aFileThatIsReplacedStaysWhatItWas() throws {
    let folder = try ScratchFolder()
    let path = try file(folder, count: 2 * ByteRegion.largestCopy)
    let region = try ByteRegion(mapping: path, registry: registry)
    try AtomicFile.write("short", to: path)
    #expect(registry.fault() == nil)
    #expect(region[region.count - 1] == 7)
  }

  /// The system refuses to copy what can't be read: the fault is the source's, not the output's.
  @Test func copyingAFileThatWasCutShortNamesIt() throws {
    let folder = try ScratchFolder()
    let path = try file(folder, count: 2 * ByteRegion.largestCopy)
    let region = try ByteRegion(mapping: path, registry: registry)
    try #require(truncate(path, 0) == 0)
    let outputs = TemporaryOutputs(inputs: registry)
    #expect(throws: MappedFiles.cutShort(path)) {
      try AtomicFile.write(to: folder["copy"], registry: outputs) { sink throws(FileError) in
        try sink.write(region)
      }
    }
    #expect(try folder.names == ["a"])
  }
}
