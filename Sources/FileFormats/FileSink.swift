import Foundation

/// The buffered end of a file that is being written, given to the closure of `AtomicFile.write`.
///
/// Not for use by several threads at once, nor after that closure has returned.
public final class FileSink {
  private static let capacity = 1 << 18

  private let path: String
  private let inputs: MappedFiles
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  /// The bytes written so far.
  public private(set) var count = 0

  /// Writes to an open descriptor, which `close` closes; `path` is for messages, and `inputs` for those about
  /// bytes that can't be read.
  init(descriptor: Int32, path: String, inputs: MappedFiles = .shared) {
    self.descriptor = descriptor
    self.path = path
    self.inputs = inputs
    buffer.reserveCapacity(Self.capacity)
  }

  /// Writes bytes.
  ///
  /// - Throws: `FileError` if the system refuses, for example because the disk is full.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(FileError) in try write(UnsafeRawBufferPointer(bytes)) }
  }

  /// Writes text as UTF-8.
  public func write(_ text: String) throws(FileError) {
    try write(Array(text.utf8))
  }

  /// Writes the bytes of a region; large ones go to the system without a copy.
  public func write(_ region: ByteRegion) throws(FileError) {
    try region.withUnsafeBytes { raw throws(FileError) in try write(raw) }
  }

  /// Writes bytes from memory.
  public func write(_ raw: UnsafeRawBufferPointer) throws(FileError) {
    count += raw.count
    if buffer.count + raw.count > Self.capacity { try flush() }
    if raw.count > Self.capacity {
      try writeThrough(raw)
    } else {
      buffer.append(contentsOf: raw)
    }
  }

  /// Hands the buffer to the system and waits until the file is on the disk.
  func sync() throws(FileError) {
    try flush()
    guard fsync(descriptor) == 0 else { throw failure() }
  }

  /// Closes the file; its buffer is lost unless `sync` came before.
  ///
  /// - Returns: the system's error number, or 0. Some file systems report a full disk only here.
  @discardableResult
  func close() -> Int32 {
    guard descriptor >= 0 else { return 0 }
    defer { descriptor = -1 }
    return Glibc.close(descriptor) == 0 ? 0 : errno
  }

  private func flush() throws(FileError) {
    try buffer.withUnsafeBufferPointer { bytes throws(FileError) in
      try writeThrough(UnsafeRawBufferPointer(bytes))
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func writeThrough(_ raw: UnsafeRawBufferPointer) throws(FileError) {
    var remaining = raw[...]
    while !remaining.isEmpty {
      let written = Glibc.write(
        descriptor, UnsafeRawBufferPointer(rebasing: remaining).baseAddress, remaining.count)
      if written > 0 {
        remaining = remaining.dropFirst(written)
      } else if written < 0, errno == EFAULT, let fault = inputs.fault(in: remaining) {
        throw fault
      } else if written == 0 || errno != EINTR {
        throw failure()
      }
    }
  }

  private func failure() -> FileError { FileError(path, "can't be written: \(ByteRegion.lastError())") }
}
