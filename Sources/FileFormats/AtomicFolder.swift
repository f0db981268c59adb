import Foundation

/// Writing a whole folder so that a reader, or a run that is killed, finds the old folder or the new one.
public enum AtomicFolder {
  /// Lets a closure fill a folder beside the target, which is synced and then renamed into place.
  ///
  /// `body` gets the path of that staging folder. If anything fails, the staging folder is removed and the
  /// old one stays. The output is locked meanwhile (`FileLock`): a program that works long before it writes
  /// takes that lock itself, first of all.
  ///
  /// - Parameter replacing: whether an existing folder is replaced, with all it holds. It must be empty or
  ///   hold the file `marker`, so that only what this program wrote is ever deleted.
  /// - Throws: `FileError` naming the target, before `body` runs if the target may not be replaced; or what
  ///   `body` throws.
  public static func write(
    to path: String, replacing: Bool, marker: String, _ body: (_ staging: String) throws -> Void
  ) throws {
    try write(to: path, replacing: replacing, marker: marker, registry: .shared, body)
  }

  /// Throws at once what `write` would throw before `body` runs, for work that is done before the writing.
  ///
  /// A staging folder is made and removed again, to see that it can be.
  public static func check(_ path: String, replacing: Bool, marker: String) throws(FileError) {
    let location = try OutputLocation(path)
    try requireReplaceable(location, replacing: replacing, marker: marker)
    TemporaryOutputs.shared.discard(try makeStaging(for: location, registry: .shared))
  }

  private static func makeStaging(
    for location: OutputLocation, registry: TemporaryOutputs
  ) throws(FileError) -> String {
    try registry.create(for: location) { staging throws(FileError) in
      guard mkdir(staging, 0o777) == 0 else {
        throw FileError(location.given, "can't be written: \(ByteRegion.lastError())")
      }
    }
  }

  static func write(
    to path: String, replacing: Bool, marker: String, registry: TemporaryOutputs,
    _ body: (_ staging: String) throws -> Void
  ) throws {
    let lock = try FileLock(output: path)
    defer { lock.release() }
    let location = try OutputLocation(path)
    try requireReplaceable(location, replacing: replacing, marker: marker)
    let staging = try makeStaging(for: location, registry: registry)
    // After an exchange this is the old folder; after a plain rename there is nothing left.
    defer { registry.discard(staging) }
    do {
      try body(staging)
    } catch {
      throw Self.renamed(error, from: staging, to: path)
    }
    try syncTree(staging, for: path)
    try registry.commit(for: path) { () throws(FileError) in
      // Something else may have been put there while the body ran.
      let now = try OutputLocation(path)
      try requireReplaceable(now, replacing: replacing, marker: marker)
      if now.kind == nil {
        try FolderRename.moveToFreeName(staging, location.path, for: path)
      } else {
        try FolderRename.exchange(staging, location.path, for: path)
      }
    }
    try location.syncFolder()
  }

  /// An error of the body as one about the output: its files are named as they would be in the end, and what
  /// can't be encoded, which Foundation reports without a file, is the output's.
  private static func renamed(_ error: any Error, from staging: String, to path: String) -> any Error {
    switch error {
    case let error as FileError where error.path.hasPrefix(staging):
      return FileError(path + error.path.dropFirst(staging.count), at: error.place, error.reason)
    case is EncodingError:
      return FileError(path, "can't be written as JSON: \(JSONFailure.reason(error, whole: "a value"))")
    default: return error
    }
  }

  private static func requireReplaceable(
    _ location: OutputLocation, replacing: Bool, marker: String
  ) throws(FileError) {
    guard let kind = location.kind else { return }
    guard kind == S_IFDIR else { throw FileError(location.given, "exists and is not a folder") }
    guard replacing else {
      throw FileError(location.given, "exists already: replace it with --overwrite, or choose another place")
    }
    var status = stat()
    if lstat("\(location.path)/\(marker)", &status) == 0, status.st_mode & S_IFMT == S_IFREG { return }
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: location.path) else {
      throw FileError(location.given, "can't be listed")
    }
    guard entries.isEmpty else {
      throw FileError(location.given, "is not replaced: it has other contents and no \(marker)")
    }
  }

  /// Waits until every file and folder below a path is on the disk; contents before the folders they are in.
  private static func syncTree(_ root: String, for output: String) throws(FileError) {
    guard let entries = try? FileManager.default.subpathsOfDirectory(atPath: root) else {
      throw FileError(output, "can't be synced: its folder can't be listed")
    }
    for entry in entries.sorted(by: >) {
      let path = "\(root)/\(entry)"
      var status = stat()
      guard lstat(path, &status) == 0 else {
        throw FileError(output, "can't be synced: \(ByteRegion.lastError())")
      }
      guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { continue }
      try OutputLocation.sync(path, for: output)
    }
    try OutputLocation.sync(root, for: output)
  }
}
