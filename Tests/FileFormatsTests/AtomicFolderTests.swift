import Foundation
import Testing

@testable import FileFormats

@Suite struct AtomicFolderTests {
  private struct Interrupted: Error {}

  private func fill(_ path: String, _ text: String) throws {
    try AtomicFile.write(text, to: "\(path)/dataset.json")
    try #require(mkdir("\(path)/sub", 0o777) == 0)
    try AtomicFile.write(text, to: "\(path)/sub/a")
  }

  private func write(_ text: String, to path: String, replacing: Bool) throws {
    try AtomicFolder.write(to: path, replacing: replacing, marker: "dataset.json") { staging in
      try fill(staging, text)
    }
  }

  @Test(arguments: ["d", "d/"])
  func createsAndReplaces(name: String) throws {
    let folder = try ScratchFolder()
    try write("one", to: folder[name], replacing: false)
    #expect(try folder.text("d/sub/a") == "one")
    try write("two", to: folder[name], replacing: true)
    #expect(try folder.text("d/sub/a") == "two")
    #expect(try folder.names == ["d"])
  }

  @Test func anExistingFolderIsRefusedBeforeTheBodyRuns() throws {
    let folder = try ScratchFolder()
    try write("one", to: folder["d"], replacing: false)
    #expect(
      throws: FileError(folder["d"], "exists already: replace it with --overwrite, or choose another place")
    ) {
      try AtomicFolder.write(to: folder["d"], replacing: false, marker: "dataset.json") { _ in
        Issue.record("the body ran")
      }
    }
  }

  @Test func onlyMarkedOrEmptyFoldersAreReplaced() throws {
    let folder = try ScratchFolder()
    try #require(mkdir(folder["home"], 0o777) == 0)
    try write("new", to: folder["home"], replacing: true)
    #expect(try folder.text("home/sub/a") == "new")
    try FileManager.default.removeItem(atPath: folder["home/dataset.json"])
    #expect(
      throws: FileError(folder["home"], "is not replaced: it has other contents and no dataset.json")
    ) { try write("newer", to: folder["home"], replacing: true) }
    try AtomicFile.write("", to: folder["file"])
    #expect(throws: FileError(folder["file"], "exists and is not a folder")) {
      try write("new", to: folder["file"], replacing: true)
    }
    // A marker that is itself a folder proves nothing.
    try #require(mkdir(folder["home/dataset.json"], 0o777) == 0)
    #expect(throws: FileError.self) { try write("newer", to: folder["home"], replacing: true) }
    #expect(try folder.text("home/sub/a") == "new")
    #expect(try folder.names == ["file", "home"])
  }

  @Test func theOldFolderStaysWhenTheBodyThrows() throws {
    let folder = try ScratchFolder()
    try write("old", to: folder["d"], replacing: false)
    #expect(throws: Interrupted.self) {
      try AtomicFolder.write(to: folder["d"], replacing: true, marker: "dataset.json") { staging in
        try fill(staging, "new")
        throw Interrupted()
      }
    }
    #expect(try folder.text("d/sub/a") == "old")
    #expect(try folder.names == ["d"])
  }

  @Test func errorsNameTheTargetAndNotTheStagingFolder() throws {
    let folder = try ScratchFolder()
    #expect(
      throws: FileError(folder["d"] + "/x.npy", "can't be opened: No such file or directory")
    ) {
      try AtomicFolder.write(to: folder["d"], replacing: false, marker: "m") { staging in
        _ = try NPY.read("\(staging)/x.npy")
      }
    }
    try write("x", to: folder["d"] + "/no/d", replacing: false)
    #expect(try folder.names == ["d"])
  }

  /// Foundation's encoders report what they can't encode without a file.
  @Test func whatCantBeEncodedIsTheOutputs() throws {
    let folder = try ScratchFolder()
    #expect(throws: FileError(folder["d"], "can't be written as JSON: \"loss\" holds nan")) {
      try AtomicFolder.write(to: folder["d"], replacing: false, marker: "m") { _ in
        _ = try JSONEncoder().encode(["loss": Double.nan])
      }
    }
    #expect(try folder.names.isEmpty)
  }

  @Test func aFolderThatAppearedMeanwhileIsNotReplaced() throws {
    let folder = try ScratchFolder()
    #expect(
      throws: FileError(folder["d"], "exists already: replace it with --overwrite, or choose another place")
    ) {
      try AtomicFolder.write(to: folder["d"], replacing: false, marker: "m") { _ in
        try #require(mkdir(folder["d"], 0o777) == 0)
      }
    }
    #expect(throws: FileError.self) {
      try FolderRename.moveToFreeName(folder["d"], folder.path, for: "d")
    }
    #expect(try folder.names == ["d"])
  }

  @Test(arguments: [true, false])
  func exchangingSwapsTheNames(isAtomic: Bool) throws {
    let folder = try ScratchFolder()
    for name in ["a", "b"] {
      try #require(mkdir(folder[name], 0o777) == 0)
      try AtomicFile.write(name, to: folder["\(name)/name"])
    }
    try FolderRename.exchange(folder["a"], folder["b"], for: "b", isAtomic: isAtomic)
    #expect(try folder.text("a/name") == "b")
    #expect(try folder.text("b/name") == "a")
    #expect(throws: FileError.self) {
      try FolderRename.exchange(folder["missing"], folder["b"], for: "b", isAtomic: isAtomic)
    }
    #expect(try folder.names == ["a", "b"])
  }

  @Test func cancellingRemovesTheStagingFolder() throws {
    let folder = try ScratchFolder()
    let registry = TemporaryOutputs()
    #expect(throws: FileError.self) {
      try AtomicFolder.write(to: folder["d"], replacing: false, marker: "m", registry: registry) { staging in
        try fill(staging, "new")
        registry.removeAll()
      }
    }
    #expect(try folder.names == [])
  }
}
