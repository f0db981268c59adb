import Foundation

/// Writing a file so that a reader, or a run that is killed, finds the old file or the whole new one.
public enum AtomicFile {
  /// Writes a file through a temporary beside it, which is synced and then renamed over the target.
  ///
  /// If `body` throws or a write fails, the temporary is removed and the old file stays. A symbolic link is
  /// followed; an existing file's permissions are kept.
  ///
  /// - Throws: `FileError` naming the target, or whatever `FileError` `body` throws.
  public static func write(
    to path: String, _ body: (FileSink) throws(FileError) -> Void
  ) throws(FileError) {
    try write(to: path, registry: .shared, body)
  }

  /// Writes a file of these bytes.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try write(to: path) { sink throws(FileError) in try sink.write(bytes) }
  }

  /// Writes a file of this text, as UTF-8.
  public static func write(_ text: String, to path: String) throws(FileError) {
    try write(to: path) { sink throws(FileError) in try sink.write(text) }
  }

  /// Throws if a file stands at a path and may not be replaced, so that nobody works for it in vain.
  public static func check(_ path: String, replacing: Bool) throws(FileError) {
    guard !replacing, try OutputLocation(path).mode != nil else { return }
    throw FileError(path, "exists already: replace it with --overwrite, or choose another place")
  }

  static func write(
    to path: String, registry: TemporaryOutputs, _ body: (FileSink) throws(FileError) -> Void
  ) throws(FileError) {
    let location = try OutputLocation(path)
    guard !path.hasSuffix("/") else {
      throw FileError(path, "can't be written: the path ends without a name")
    }
    // Renaming would otherwise put a plain file in the place of a device such as /dev/null.
    guard location.kind ?? S_IFREG == S_IFREG else {
      throw FileError(
        path, "can't be written: it is \(location.kind == S_IFDIR ? "a folder" : "not a regular file")")
    }
    var descriptor: Int32 = -1
    let temporary = try registry.create(for: location) { temporary throws(FileError) in
      if descriptor >= 0 { close(descriptor) }
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileError(path, "can't be written: \(ByteRegion.lastError())") }
    }
    // After the rename nothing stands at the temporary's path any more.
    defer { registry.discard(temporary) }
    let sink = FileSink(descriptor: descriptor, path: path, inputs: registry.inputs)
    defer { sink.close() }
    try body(sink)
    if let mode = location.mode, fchmod(descriptor, mode & 0o7777) != 0 {
      throw FileError(path, "can't be given its permissions: \(ByteRegion.lastError())")
    }
    try sink.sync()
    let closing = sink.close()
    guard closing == 0 else {
      throw FileError(path, "can't be written: \(ByteRegion.message(of: closing))")
    }
    try registry.commit(for: path) { () throws(FileError) in
      guard rename(temporary, location.path) == 0 else {
        throw FileError(path, "can't be put in place: \(ByteRegion.lastError())")
      }
    }
    try location.syncFolder()
  }
}
