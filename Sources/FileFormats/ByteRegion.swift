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
  public init(_ bytes: [UInt8]) { self.init(elementsOf: bytes) }

  /// Fills new memory, aligned to 64 bytes, or gives nil where there is not that much memory.
  ///
  /// `fill` must set every byte.
  init?<Failure: Error>(
    count: Int, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(count >= 0, "negative byte count \(count)")
    var address: UnsafeMutableRawPointer?
    guard posix_memalign(&address, 64, max(count, 1)) == 0, let address else { return nil }
    do {
      try fill(UnsafeMutableRawBufferPointer(start: address, count: count))
    } catch {
      free(address)
      throw error
    }
    let base = UnsafeRawBufferPointer(start: address, count: count)
    self.init(storage: ByteStorage(base: base) { free(address) }, range: 0..<count)
  }

  /// Copies the elements of an array as they lie in memory.
  init<Element: BitwiseCopyable>(elementsOf array: [Element]) {
    let storage = array.withUnsafeBytes { source in
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(source.count, 1), alignment: 64)
      memory.copyMemory(from: source)
      let base = UnsafeRawBufferPointer(rebasing: memory[..<source.count])
      return ByteStorage(base: base) { memory.deallocate() }
    }
    self.init(storage: storage, range: 0..<storage.base.count)
  }

  /// Files up to this size are read into memory instead of being mapped.
  static let largestCopy = 1 << 20

  /// Opens a whole file read-only: a small one is read, a larger one mapped; an empty file gives an empty region.
  ///
  /// A mapped file that another program cuts short can't be read to its end: the last bytes become 0, and
  /// beyond their page the system sends SIGBUS. `MappedFiles` notices the one and explains the other. A small
  /// file gives an error here or stays as it was.
  ///
  /// - Throws: `FileError` if the file can't be opened, is not a regular file or can't be mapped.
  public init(mapping path: String) throws(FileError) { try self.init(mapping: path, registry: .shared) }

  init(mapping path: String, registry: MappedFiles) throws(FileError) {
    // Opening a pipe would otherwise wait for a writer before it can be refused.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path, "can't be opened: \(Self.lastError())") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(path, "can't be examined: \(Self.lastError())")
    }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(path, "is a folder, expected a file") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path, "is not a regular file") }
    let count = Int(status.st_size)
    guard count > 0 else {
      self.init([])
      return
    }
    guard count > Self.largestCopy else {
      try self.init(reading: descriptor, count: count, path: path)
      return
    }
    guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      throw FileError(path, "can't be mapped: \(Self.lastError())")
    }
    registry.enter(UInt(bitPattern: address), status, path: path)
    let base = UnsafeRawBufferPointer(start: address, count: count)
    let storage = ByteStorage(base: base) {
      registry.leave(UInt(bitPattern: address))
      munmap(address, count)
    }
    self.init(storage: storage, range: 0..<count)
  }

  /// Reads the bytes of an open file.
  init(reading descriptor: Int32, count: Int, path: String) throws(FileError) {
    let region = try ByteRegion(count: count) { target throws(FileError) in
      var done = 0
      while done < count {
        let read = pread(descriptor, target.baseAddress.map { $0 + done }, count - done, off_t(done))
        if read > 0 {
          done += read
        } else if read == 0 {
          throw MappedFiles.cutShort(path)
        } else if errno != EINTR {
          throw FileError(path, "can't be read: \(Self.lastError())")
        }
      }
    }
    guard let region else { throw FileError(path, "can't be read: there is no memory for \(count) bytes") }
    self = region
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

  /// The bytes as UTF-8 text, or nil where they are none.
  public var text: String? { withUnsafeBytes { String(validating: $0, as: UTF8.self) } }

  /// A copy of the bytes.
  public var array: [UInt8] { withUnsafeBytes { Array($0) } }

  static func lastError() -> String { message(of: errno) }

  /// The system's text for an error number, such as `No space left on device`.
  static func message(of number: Int32) -> String { String(cString: strerror(number)) }
}
