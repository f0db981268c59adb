import Foundation
import Testing

@testable import FileFormats

@Suite struct AtomicFileTests {
  private let interrupted = FileError("x", "interrupted")

  @Test func writesAllKindsOfPieces() throws {
    let folder = try ScratchFolder()
    let large = [UInt8](repeating: 0x62, count: 600_000)
    try AtomicFile.write(to: folder["a"]) { sink throws(FileError) in
      try sink.write("ä")
      try sink.write(large)
      try sink.write(ByteRegion([0x63]))
      try large.withUnsafeBufferPointer { raw throws(FileError) in try sink.write(UnsafeRawBufferPointer(raw))
      }
    }
    #expect(try folder.bytes("a") == Array("ä".utf8) + large + [0x63] + large)
    try AtomicFile.write([1, 2], to: folder["a"])
    #expect(try folder.bytes("a") == [1, 2])
    #expect(try folder.names == ["a"])
  }

  @Test func theOldFileStaysWhenTheBodyThrows() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write("old", to: folder["a"])
    #expect(throws: interrupted) {
      try AtomicFile.write(to: folder["a"]) { sink throws(FileError) in
        try sink.write("new")
        throw interrupted
      }
    }
    #expect(try folder.text("a") == "old")
    #expect(try folder.names == ["a"])
  }

  @Test func permissionsAndLinksAreKept() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write("old", to: folder["a"])
    try #require(chmod(folder["a"], 0o640) == 0)
    try #require(symlink("a", folder["link"]) == 0)
    try AtomicFile.write("new", to: folder["link"])
    var status = stat()
    try #require(lstat(folder["a"], &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(try folder.text("a") == "new")
    try #require(lstat(folder["link"], &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func placesThatCantHoldAFileAreRefused() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write("", to: folder["file"])
    try #require(mkdir(folder["sub"], 0o777) == 0)
    try #require(symlink("nowhere", folder["broken"]) == 0)
    let paths = [
      folder["no/a"], folder["file/a"], folder["sub"], folder["broken"], "/dev/null", "", "/", folder["new/"],
      folder[String(repeating: "n", count: 300)],
    ]
    for path in paths {
      #expect(throws: FileError.self, "\(path)") { try AtomicFile.write("x", to: path) }
    }
    #expect(try folder.names == ["broken", "file", "sub"])
    #expect(
      throws: FileError(folder["no/a"], "can't be written: there is no folder \(folder["no"])")
    ) { try AtomicFile.write("x", to: folder["no/a"]) }
  }

  @Test func longNamesStillHaveATemporary() throws {
    let folder = try ScratchFolder()
    let name = String(repeating: "é", count: 127)
    try AtomicFile.write("x", to: folder[name])
    #expect(try folder.names == [name])
  }

  @Test func aFullDiskIsReported() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    let sink = FileSink(descriptor: descriptor, path: "out.npy")
    defer { sink.close() }
    try sink.write("fits into the buffer")
    #expect(throws: FileError("out.npy", "can't be written: No space left on device")) { try sink.sync() }
    #expect(throws: FileError("out.npy", "can't be written: No space left on device")) {
      try sink.write([UInt8](repeating: 0, count: 1_000_000))
    }
  }

  @Test func aSinkIsClosedAfterItsFile() throws {
    let folder = try ScratchFolder()
    var kept: FileSink?
    try AtomicFile.write(to: folder["a"]) { sink throws(FileError) in kept = sink }
    let sink = try #require(kept)
    #expect(throws: FileError.self) { try sink.write([UInt8](repeating: 0, count: 1_000_000)) }
  }

  @Test func cancellingRemovesTemporariesAndStopsOutputs() throws {
    let folder = try ScratchFolder()
    let registry = TemporaryOutputs()
    let cancelled = FileError(folder["a"], "was not written: the run was cancelled")
    try AtomicFile.write("old", to: folder["a"])
    #expect(throws: cancelled) {
      try AtomicFile.write(to: folder["a"], registry: registry) { sink throws(FileError) in
        try sink.write("new")
        registry.removeAll()
        #expect((try? folder.names) == ["a"])
      }
    }
    #expect(throws: cancelled) {
      try AtomicFile.write(to: folder["a"], registry: registry) { _ throws(FileError) in }
    }
    #expect(try folder.text("a") == "old")
    #expect(try folder.names == ["a"])
  }

  @Test func cancellingFromAnotherThreadLeavesWholeFilesOnly() async throws {
    for round in 0..<20 {
      let folder = try ScratchFolder()
      let registry = TemporaryOutputs()
      await withTaskGroup(of: Void.self) { group in
        for index in 0..<4 {
          group.addTask {
            for _ in 0..<5 {
              try? AtomicFile.write(to: folder["\(index)"], registry: registry) { sink throws(FileError) in
                try sink.write("whole")
              }
            }
          }
        }
        group.addTask {
          try? await Task.sleep(for: .microseconds(300 * round))
          registry.removeAll()
        }
      }
      for name in try folder.names {
        #expect(!name.hasPrefix("."))
        #expect(try folder.text(name) == "whole")
      }
    }
  }
}
