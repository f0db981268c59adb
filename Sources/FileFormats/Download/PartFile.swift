import Foundation

/// A download that is not finished: its bytes in `<file>.part`, and beside it, in `<file>.part.json`, what they
/// are bytes of.
///
/// A run that is interrupted or killed leaves both, so that the next one can go on. While a run has the file
/// open no other can: two writers would mix their bytes.
final class PartFile {
  /// The remote file that the bytes belong to.
  struct Origin: Codable, Equatable {
    /// Where it was asked for.
    var url: String
    /// The server's name of this version.
    var etag: String?
    /// When it was last changed, in the server's words.
    var lastModified: String?
    /// Its size.
    var size: Int?

    /// Whether another answer can be about the same version: nothing that both know differs.
    func agrees(with other: Origin) -> Bool {
      func agree<Value: Equatable>(_ key: KeyPath<Origin, Value?>) -> Bool {
        guard let mine = self[keyPath: key], let theirs = other[keyPath: key] else { return true }
        return mine == theirs
      }
      return url == other.url && agree(\.etag) && agree(\.lastModified) && agree(\.size)
    }
  }

  /// The path of the bytes.
  let path: String
  /// The number of bytes that are there.
  private(set) var count = 0
  /// What they are bytes of; nil before the first answer.
  private(set) var origin: Origin?
  private let target: OutputLocation
  private let originPath: String
  private var descriptor: Int32

  /// Opens what an earlier run left, or a new file.
  ///
  /// - Throws: `FileError` if the target can't be an output, or another run has it open.
  init(for target: String) throws(FileError) {
    let location = try OutputLocation(target)
    guard location.kind ?? S_IFREG == S_IFREG else {
      throw FileError(target, "can't be written: it is not a regular file")
    }
    self.target = location
    path = location.path + ".part"
    originPath = path + ".json"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
    guard descriptor >= 0 else { throw FileError(path, "can't be written: \(ByteRegion.lastError())") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      Glibc.close(descriptor)
      throw FileError(path, "another run is downloading this file")
    }
    // A run that ended just now may have renamed what was opened here.
    var (opened, named) = (stat(), stat())
    guard fstat(descriptor, &opened) == 0, lstat(path, &named) == 0, opened.st_ino == named.st_ino,
      opened.st_mode & S_IFMT == S_IFREG
    else {
      Glibc.close(descriptor)
      throw FileError(path, "can't be written: it is not a regular file, or changed just now")
    }
    TemporaryOutputs.removeAbandoned(of: try OutputLocation(originPath))
    if opened.st_size > 0, let known = try? JSONFile.read(Origin.self, path: originPath),
      known.size.map({ opened.st_size <= $0 }) ?? true
    {
      origin = known
      count = Int(opened.st_size)
    } else {
      try restart()
    }
  }

  /// Forgets all bytes.
  func restart() throws(FileError) {
    guard ftruncate(descriptor, 0) == 0 else {
      throw FileError(path, "can't be emptied: \(ByteRegion.lastError())")
    }
    unlink(originPath)
    count = 0
    origin = nil
  }

  /// Notes what the bytes are going to be bytes of.
  func begin(_ origin: Origin) throws(FileError) {
    try JSONFile.write(origin, to: originPath)
    self.origin = origin
  }

  /// Adds bytes at the end.
  ///
  /// - Throws: `FileError` if the system refuses, for example because the disk is full. What was written before
  ///   stays.
  func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var remaining = bytes[...]
    while !remaining.isEmpty {
      let written = pwrite(
        descriptor, UnsafeRawBufferPointer(rebasing: remaining).baseAddress, remaining.count, off_t(count))
      if written > 0 {
        remaining = remaining.dropFirst(written)
        count += written
      } else if written == 0 || errno != EINTR {
        throw FileError(path, "can't be written: \(ByteRegion.lastError()); what came so far is kept")
      }
    }
  }

  /// The free bytes of the disk, or nil where the system doesn't say.
  var freeSpace: Int? {
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0 else { return nil }
    return Int(
      clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }

  /// Puts the whole file in the place of the target.
  func finish() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw FileError(path, "can't be synced: \(ByteRegion.lastError())") }
    guard rename(path, target.path) == 0 else {
      throw FileError(target.given, "can't be put in place: \(ByteRegion.lastError())")
    }
    unlink(originPath)
    count = 0
    try target.syncFolder()
  }

  /// Deletes the bytes and what is known of them.
  func discard() {
    unlink(path)
    unlink(originPath)
    count = 0
  }

  /// Ends the use of the file; one without bytes is deleted.
  func close() {
    guard descriptor >= 0 else { return }
    var status = stat()
    if count == 0, lstat(path, &status) == 0, status.st_size == 0 { discard() }
    Glibc.close(descriptor)
    descriptor = -1
  }

  deinit { close() }
}
