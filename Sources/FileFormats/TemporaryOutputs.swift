import Foundation
import Synchronization

/// The temporary files and folders that outputs are being written to, so that a cancelled run leaves none.
///
/// `AtomicFile` and `AtomicFolder` enter theirs here. Each is locked (flock) for as long as its process lives and
/// needs it, so that others can tell what a killed process left. Safe to use from any thread, but not from inside
/// a POSIX signal handler: call it from a thread that waits for the signal.
public final class TemporaryOutputs: Sendable {
  /// The registry of this process; tests make their own.
  static let shared = TemporaryOutputs(inputs: .shared)

  private struct State {
    /// The descriptor that holds the lock of each path; -1 for one without.
    var locks: [String: Int32] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())
  /// The inputs that must be whole where an output is put in place.
  let inputs: MappedFiles

  init(inputs: MappedFiles = MappedFiles()) { self.inputs = inputs }

  /// Deletes all temporaries and makes every output that is started or finished later fail.
  ///
  /// Waits for a rename in progress, so a finished output is never left half-renamed.
  public static func removeAll() { shared.removeAll() }

  /// Gives a closure a folder of its own among the machine's temporary files, which is removed afterwards, or
  /// by the next process that asks for one of the name if this one is killed.
  public static func withFolder<Value>(named name: String, _ body: (_ path: String) throws -> Value) throws
    -> Value
  {
    let location = try OutputLocation(
      FileManager.default.temporaryDirectory.appendingPathComponent(name).path)
    removeAbandoned(of: location)
    let path = try shared.create(for: location) { path throws(FileError) in
      guard mkdir(path, 0o700) == 0 else {
        throw FileError(path, "can't be made: \(ByteRegion.lastError())")
      }
    }
    defer { shared.discard(path) }
    return try body(path)
  }

  /// Whether a file or folder of this name is a temporary of this program's, such as `.run.json.tmp-71-3`, or a
  /// lock of a folder.
  public static func isTemporary(_ name: String) -> Bool {
    name == FileLock.nameInFolder || name.hasPrefix(".") && name.contains(/\.tmp-[0-9]+-[0-9]+(-old)?$/)
  }

  /// Deletes the temporary files below a folder that killed processes left there, never those of a living one.
  public static func removeAbandoned(below folder: String) {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    for path in paths {
      let name = (path as NSString).lastPathComponent
      if isTemporary(name), name != FileLock.nameInFolder { removeIfAbandoned("\(folder)/\(path)") }
    }
  }

  /// Deletes the temporaries of an output that killed processes left, never those of a living one.
  ///
  /// The caller has the output's lock.
  static func removeAbandoned(of location: OutputLocation) {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: location.folder)) ?? []
    for entry in entries where location.isTemporary(entry) {
      let path = location.inFolder(entry)
      // An exchange that was cut short between its steps has moved the only whole output aside.
      if entry.hasSuffix("-old"), location.kind == nil, rename(path, location.path) == 0 { continue }
      removeIfAbandoned(path)
    }
  }

  private static func removeIfAbandoned(_ path: String) {
    guard let lock = lock(path), lock >= 0 else { return }
    remove(path)
    close(lock)
  }

  /// The descriptor of a new lock of what stands at a path; -1 where it has none, nil where another has it.
  private static func lock(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return errno == ENOENT ? nil : -1 }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
    let isTaken = errno == EWOULDBLOCK
    close(descriptor)
    return isTaken ? nil : -1
  }

  func removeAll() {
    state.withLock { state in
      state.isClosed = true
      for (path, lock) in state.locks {
        Self.remove(path)
        if lock >= 0 { close(lock) }
      }
      state.locks = [:]
    }
  }

  /// Creates a temporary beside an output and enters it, in one step as seen by `removeAll`; returns its path.
  ///
  /// `make` is called again, with another path, where another process has cleared it away in the moment between
  /// its creation and its lock.
  func create(
    for location: OutputLocation, _ make: (_ path: String) throws(FileError) -> Void
  ) throws(FileError) -> String {
    while true {
      let path = location.temporaryPath()
      let isLocked = try state.withLock { state throws(FileError) in
        guard !state.isClosed else { throw Self.cancelled(location.given) }
        try make(path)
        guard let lock = Self.lock(path) else { return false }
        state.locks[path] = lock
        return true
      }
      if isLocked { return path }
    }
  }

  /// Makes a file that is locked by its maker and enters it, to be deleted like a temporary.
  func enter<Value>(
    _ path: String, for output: String, _ make: () throws(FileError) -> Value
  ) throws(FileError) -> Value {
    try state.withLock { state throws(FileError) in
      guard !state.isClosed else { throw Self.cancelled(output) }
      let value = try make()
      state.locks[path] = -1
      return value
    }
  }

  /// Runs the rename that turns a temporary into the output; what remains at the path stays entered.
  ///
  /// Throws for an input that was cut short meanwhile: what was made of it is not what it should be.
  func commit(for output: String, _ rename: () throws(FileError) -> Void) throws(FileError) {
    try state.withLock { state throws(FileError) in
      guard !state.isClosed else { throw Self.cancelled(output) }
      if let fault = inputs.fault() { throw fault }
      try rename()
    }
  }

  /// Deletes a temporary, if it is still there, and forgets it; one that is not entered is not touched.
  func discard(_ path: String) {
    // Inside the lock: two threads that empty one folder at a time get into each other's way.
    state.withLock { state in
      guard let lock = state.locks.removeValue(forKey: path) else { return }
      Self.remove(path)
      if lock >= 0 { close(lock) }
    }
  }

  private static func cancelled(_ output: String) -> FileError {
    FileError(output, "was not written: the run was cancelled")
  }

  /// Deletes a file or a folder with what it holds, never following symbolic links.
  private static func remove(_ path: String) {
    // A folder that another thread is still filling may have to be emptied again.
    for _ in 0..<50 {
      if unlink(path) == 0 || errno == ENOENT { return }
      do {
        try FileManager.default.removeItem(atPath: path)
      } catch {
        usleep(2_000)
      }
    }
  }
}
