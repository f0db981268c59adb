import Foundation

/// Read-only bytes that somebody keeps alive: a mapped file or a block of memory.
final class ByteStorage: @unchecked Sendable {
  let base: UnsafeRawBufferPointer
  private let release: () -> Void

  init(base: UnsafeRawBufferPointer, release: @escaping () -> Void) {
    self.base = base
    self.release = release
  }

  deinit { release() }
}

/// A range of read-only bytes that keeps its storage alive: part of a memory-mapped file or of memory.
///
/// Slicing costs nothing and copies nothing.
public struct ByteRegion: Sendable {
  private let storage: ByteStorage
  private let range: Range<Int>

  private init(storage: ByteStorage, range: Range<Int>) {
    self.storage = storage
    self.range = range
  }

  /// Copies bytes into memory of its own.
  public init(_ bytes: [UInt8]) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 64)
    memory.copyBytes(from: bytes)
    let base = UnsafeRawBufferPointer(rebasing: memory[..<bytes.count])
    storage = ByteStorage(base: base) { memory.deallocate() }
    range = 0..<bytes.count
  }

  /// Memory of its own, filled by a closure that gets `count` bytes of no particular content.
  init(count: Int, filling fill: (UnsafeMutableRawBufferPointer) -> Void) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 64)
    let target = UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
    fill(target)
    storage = ByteStorage(base: UnsafeRawBufferPointer(target)) { memory.deallocate() }
    range = 0..<count
  }

  /// Maps a whole file read-only; an empty file gives an empty region.
  ///
  /// - Throws: `FileError` if the file can't be opened, is not a regular file or can't be mapped.
  public init(mapping path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, "can't be opened: \(Self.lastError())") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(path, "can't be examined: \(Self.lastError())")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path, "is not a regular file") }
    let count = Int(status.st_size)
    guard count > 0 else {
      self.init([])
      return
    }
    guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      throw FileError(path, "can't be mapped: \(Self.lastError())")
    }
    let base = UnsafeRawBufferPointer(start: address, count: count)
    self.init(storage: ByteStorage(base: base) { munmap(address, count) }, range: 0..<count)
  }

  /// The number of bytes.
  public var count: Int { range.count }

  /// The byte at an offset from the start of this region.
  public subscript(offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < count, "byte offset \(offset) outside 0..<\(count)")
    return storage.base[range.lowerBound + offset]
  }

  /// Part of this region, without copying.
  public subscript(part: Range<Int>) -> ByteRegion {
    precondition(part.lowerBound >= 0 && part.upperBound <= count, "byte range \(part) outside 0..<\(count)")
    let lower = range.lowerBound + part.lowerBound
    return ByteRegion(storage: storage, range: lower..<lower + part.count)
  }

  /// Gives the bytes to a closure that must not keep the pointer.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: storage.base[range]))
  }

  /// A copy of the bytes.
  public var array: [UInt8] { withUnsafeBytes { Array($0) } }

  static func lastError() -> String { String(cString: strerror(errno)) }
}
