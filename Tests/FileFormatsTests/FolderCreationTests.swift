import Foundation
import Testing

@testable import FileFormats

@Suite struct FolderCreationTests {
  private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  @Test(arguments: ["a", "a/b/c", "a/b/c/", "a//b"]) func makesParentsToo(name: String) throws {
    let folder = try ScratchFolder()
    for _ in 0..<2 {
      try FolderCreation.make(folder[name])
      #expect(isFolder(folder[name]))
    }
  }

  @Test func withoutParentsOnlyTheLast() throws {
    let folder = try ScratchFolder()
    #expect(throws: FileError(folder["a/b"], "can't be made: No such file or directory")) {
      try FolderCreation.make(folder["a/b"], withParents: false)
    }
    try FolderCreation.make(folder["a"], withParents: false)
    #expect(isFolder(folder["a"]))
  }

  @Test func whatIsInTheWayIsSaid() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write("", to: folder["file"])
    for name in ["file", "file/a", "file/a/b"] {
      #expect(throws: FileError(folder[name], "can't be made: something that is not a folder is in the way"))
      {
        try FolderCreation.make(folder[name])
      }
    }
    for path in ["/proc/a", "/proc/a/b", folder[String(repeating: "n", count: 300)], ""] {
      #expect(throws: FileError.self, "\(path)") { try FolderCreation.make(path) }
    }
  }
}
