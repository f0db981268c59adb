import Foundation
import Synchronization

/// The files that are mapped into memory: whether they still are what they were, and which one can't be read.
///
/// Another program may cut a mapped file short. Up to the end of a page its bytes are then 0, which nobody notices
/// unless the file's size is looked at again; beyond that the system sends SIGBUS, whose handler knows an address
/// and nothing else. Safe to use from any thread, but not inside the handler itself: call it from a thread that the
/// handler wakes.
public final class MappedFiles: Sendable {
  /// The registry of this process; tests make their own.
  public static let shared = MappedFiles()

  private struct Mapping {
    let path: String
    let device: dev_t
    let inode: ino_t
    let count: Int

    /// Whether the file at the path is the mapped one and shorter than it was.
    ///
    /// One that was replaced as a whole stays what it was for those who have it mapped.
    var isCutShort: Bool {
      var status = stat()
      return stat(path, &status) == 0 && status.st_dev == device && status.st_ino == inode
        && Int(status.st_size) < count
    }
  }

  private struct State {
    var mappings: [UInt: Mapping] = [:]
    /// A file that was cut short while it was mapped.
    var fault: FileError?
  }

  private let state = Mutex(State())

  init() {}

  func enter(_ address: UInt, _ status: stat, path: String) {
    let mapping = Mapping(
      path: path, device: status.st_dev, inode: status.st_ino, count: Int(status.st_size))
    state.withLock { $0.mappings[address] = mapping }
  }

  func leave(_ address: UInt) {
    state.withLock { state in
      guard let mapping = state.mappings.removeValue(forKey: address) else { return }
      if state.fault == nil, mapping.isCutShort { state.fault = Self.cutShort(mapping.path) }
    }
  }

  /// The error of a file that was cut short while it was mapped, now or before; nil if all are whole.
  ///
  /// - Complexity: a look at each mapped file.
  func fault() -> FileError? {
    state.withLock { state in
      if state.fault == nil {
        state.fault = state.mappings.values.first(where: \.isCutShort).map { Self.cutShort($0.path) }
      }
      return state.fault
    }
  }

  /// What is wrong with the mapped file that holds an address; nil for an address in none.
  ///
  /// Without an address, what is wrong with any: see `fault()`.
  public func fault(at address: UInt?) -> FileError? {
    guard let address else { return fault() }
    let mapping = state.withLock { state in
      state.mappings.first { $0.key <= address && address - $0.key < UInt($0.value.count) }?.value
    }
    guard let mapping else { return nil }
    return mapping.isCutShort
      ? Self.cutShort(mapping.path) : FileError(mapping.path, "can't be read to its end: its disk fails")
  }

  /// The same for memory that the system could not read.
  func fault(in memory: Slice<UnsafeRawBufferPointer>) -> FileError? {
    UnsafeRawBufferPointer(rebasing: memory).baseAddress.flatMap { fault(at: UInt(bitPattern: $0)) }
  }

  /// The error for a file that ends before it should.
  static func cutShort(_ path: String) -> FileError {
    FileError(path, "was cut short while it was being read: run this again when the file is whole")
  }
}
