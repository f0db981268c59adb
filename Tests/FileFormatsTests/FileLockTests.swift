import Foundation
import Testing

@testable import FileFormats

@Suite struct FileLockTests {
  /// Another process's lock: one on a descriptor of its own, which flock tells apart like processes.
  private final class Other {
    struct Taken: Error {}
    private let descriptor: Int32

    init(_ path: String) throws {
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Taken() }
    }

    deinit { close(descriptor) }
  }

  private func taken(_ path: String) -> FileError {
    FileError(path, "is being written by another process: wait until that has ended")
  }

  @Test func theFileIsThereWhileTheLockIs() throws {
    let folder = try ScratchFolder()
    let lock = try FileLock(output: folder["model"])
    #expect(try folder.names == [".model.lock"])
    #expect(throws: Other.Taken.self) { try Other(folder[".model.lock"]) }
    // The same process may have it twice: a command, and in it the writing itself.
    let second = try FileLock(output: folder.path + "/./model/")
    second.release()
    second.release()
    #expect(try folder.names == [".model.lock"])
    lock.release()
    #expect(try folder.names.isEmpty)
  }

  @Test func anotherProcessKeepsItsOutput() throws {
    let folder = try ScratchFolder()
    let other = try Other(folder[".model.lock"])
    #expect(throws: taken(folder["model"])) { try FileLock(output: folder["model"]) }
    #expect(throws: taken(folder["model"])) {
      try AtomicFolder.write(to: folder["model"], replacing: false, marker: "m") { _ in
        Issue.record("the body ran")
      }
    }
    #expect(try folder.names == [".model.lock"])
    withExtendedLifetime(other) {}
  }

  @Test func theFileOfADeadProcessLocksNothing() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write("", to: folder[".model.lock"])
    let lock = try FileLock(output: folder["model"])
    lock.release()
    #expect(try folder.names.isEmpty)
  }

  /// A file that was removed by who had the lock, after it was opened here, is no lock any more.
  @Test func manyProcessesInTurnAreNeverTwo() async throws {
    let folder = try ScratchFolder()
    let path = folder[".a.lock"]
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<200 {
            guard let lock = try? FileLock(output: folder["a"]) else { continue }
            var (held, named) = (stat(), stat())
            // Nobody else can have it now, by whatever file.
            let descriptor = open(path, O_RDWR | O_CLOEXEC)
            if descriptor >= 0, fstat(descriptor, &held) == 0, lstat(path, &named) == 0,
              held.st_ino == named.st_ino
            {
              #expect(flock(descriptor, LOCK_EX | LOCK_NB) != 0)
            }
            close(descriptor)
            lock.release()
          }
        }
      }
    }
    #expect(try folder.names.isEmpty)
  }

  @Test func aFolderFilledInPlace() throws {
    let folder = try ScratchFolder()
    let lock = try FileLock(folder: folder["a/b"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder["a/b"]) == [FileLock.nameInFolder])
    lock.release()
    // What came to nothing leaves no empty folder.
    #expect(try folder.names.isEmpty)
    let next = try FileLock(folder: folder["a/b"])
    try AtomicFile.write("x", to: folder["a/b/x"])
    next.release()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder["a/b"]) == ["x"])
    let other = try Other(folder["a/b"] + "/" + FileLock.nameInFolder)
    #expect(throws: taken(folder["a/b"])) { try FileLock(folder: folder["a/b"]) }
    withExtendedLifetime(other) {}
  }

  /// The folders around an output are made, and are gone again where nothing came into them.
  @Test func missingParentsAreMadeAndLeftOnlyWithAnOutput() throws {
    let folder = try ScratchFolder()
    try FileLock(output: folder["a/b/model"]).release()
    #expect(try folder.names.isEmpty)
    #expect(throws: FileError.self) {
      try FileLock(output: folder["a/b/model"], companions: [folder["a/none/other"]])
    }
    #expect(try folder.names.isEmpty)
    let lock = try FileLock(output: folder["a/b/model"])
    try AtomicFile.write("x", to: folder["a/b/model"])
    lock.release()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder["a/b"]) == ["model"])
  }

  @Test func placesThatCantBeLocked() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write("", to: folder["file"])
    let paths = [
      "", "/", folder["file/a"], folder["file/a/b"], folder[String(repeating: "n", count: 300)], "/proc/a",
    ]
    for path in paths { #expect(throws: FileError.self, "\(path)") { try FileLock(output: path) } }
    for path in [folder["file"], folder["file/a"], "/proc/a"] {
      #expect(throws: FileError.self, "\(path)") { try FileLock(folder: path) }
    }
    #expect(try folder.names == ["file"])
  }

  @Test func onlyTemporariesOfTheOutputThatNobodyFillsAreCleared() throws {
    let folder = try ScratchFolder()
    let long = String(repeating: "n", count: 250)
    let others = [
      ".model2.tmp-1-1", ".model.tmp-1-1x", ".model.tmp-1", "model.tmp-1-1", ".model.tmp-1-1.tmp-1-1",
    ]
    for name in others + [".model.tmp-1-1", ".model.checkpoint.tmp-1-2"] {
      try AtomicFile.write("half", to: folder[name])
    }
    let living = try Other(folder[".model.tmp-1-3"])
    let abandoned = try OutputLocation(folder[long]).temporaryPath()
    try #require(mkdir(abandoned, 0o777) == 0)
    try FileLock(output: folder["model"], companions: [folder["model.checkpoint"], folder[long]]).release()
    #expect(try folder.names == (others + [".model.tmp-1-3"]).sorted())
    withExtendedLifetime(living) {}
  }

  /// Where folders can't be exchanged in one step, the old one is moved aside first.
  @Test func anOutputThatWasMovedAsideComesBack() throws {
    let folder = try ScratchFolder()
    try #require(mkdir(folder[".d.tmp-1-1-old"], 0o777) == 0)
    try AtomicFile.write("old", to: folder[".d.tmp-1-1-old/a"])
    try #require(mkdir(folder[".d.tmp-1-1"], 0o777) == 0)
    try FileLock(output: folder["d"]).release()
    #expect(try folder.names == ["d"])
    #expect(try folder.text("d/a") == "old")
    try #require(mkdir(folder[".d.tmp-1-1-old"], 0o777) == 0)
    try FileLock(output: folder["d"]).release()
    #expect(try folder.names == ["d"])
    #expect(try folder.text("d/a") == "old")
  }

  @Test func temporariesAreLockedWhileTheyAreFilled() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write(to: folder["a"]) { sink throws(FileError) in
      try sink.write("x")
      TemporaryOutputs.removeAbandoned(below: folder.path)
    }
    #expect(try folder.text("a") == "x")
    try AtomicFolder.write(to: folder["d"], replacing: false, marker: "m") { staging in
      TemporaryOutputs.removeAbandoned(of: try OutputLocation(folder["d"]))
      try AtomicFile.write("x", to: "\(staging)/m")
    }
    #expect(try folder.text("d/m") == "x")
  }

  @Test func outputsOfLongNamesDontShareTemporaries() throws {
    let stem = String(repeating: "é", count: 110)
    let (one, two) = (try OutputLocation("/tmp/\(stem)1"), try OutputLocation("/tmp/\(stem)2"))
    #expect(one.lockPath != two.lockPath)
    #expect(!two.isTemporary((one.temporaryPath() as NSString).lastPathComponent))
    #expect(one.isTemporary((one.temporaryPath() as NSString).lastPathComponent))
  }
}
