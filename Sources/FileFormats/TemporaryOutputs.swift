import Foundation
import Synchronization

/// The temporary files and folders that outputs are being written to, so that a cancelled run leaves none.
///
/// `AtomicFile` and `AtomicFolder` enter theirs here. Safe to use from any thread, but not from inside a
/// POSIX signal handler: call it from a thread or a dispatch source that waits for the signal.
public final class TemporaryOutputs: Sendable {
  /// The registry of this process; tests make their own.
  static let shared = TemporaryOutputs()

  private struct State {
    var paths: Set<String> = []
    var isClosed = false
  }

  private let state = Mutex(State())

  init() {}

  /// Deletes all temporaries and makes every output that is started or finished later fail.
  ///
  /// Waits for a rename in progress, so a finished output is never left half-renamed.
  public static func removeAll() { shared.removeAll() }

  /// Whether a file or folder of this name is a temporary of this program's, such as `.run.json.tmp-71-3`.
  public static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(".") && name.contains(/\.tmp-[0-9]+-[0-9]+$/)
  }

  /// Deletes the temporary files below a folder that a killed process left there.
  ///
  /// The caller makes sure, by a `FileLock`, that no other process is writing there.
  public static func removeAbandoned(below folder: String) {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    for path in paths where isTemporary((path as NSString).lastPathComponent) { remove("\(folder)/\(path)") }
  }

  /// Deletes the temporaries of an output whose processes are gone, as a killed one leaves them.
  public static func removeAbandoned(of path: String) {
    guard let location = try? OutputLocation(path) else { return }
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: location.folder)) ?? []
    for entry in entries where entry.hasPrefix(".\(location.name).tmp-") && isTemporary(entry) {
      let process = entry.dropFirst(location.name.count + 6).prefix { $0 != "-" }
      if let id = pid_t(process), kill(id, 0) != 0, errno == ESRCH { remove(location.inFolder(entry)) }
    }
  }

  func removeAll() {
    state.withLock { state in
      state.isClosed = true
      for path in state.paths { Self.remove(path) }
      state.paths = []
    }
  }

  /// Creates a temporary and enters it, in one step as seen by `removeAll`.
  func create(_ path: String, for output: String, _ make: () throws(FileError) -> Void) throws(FileError) {
    try state.withLock { state throws(FileError) in
      guard !state.isClosed else { throw Self.cancelled(output) }
      try make()
      state.paths.insert(path)
    }
  }

  /// Runs the rename that turns a temporary into the output; what remains at the path stays entered.
  func commit(for output: String, _ rename: () throws(FileError) -> Void) throws(FileError) {
    try state.withLock { state throws(FileError) in
      guard !state.isClosed else { throw Self.cancelled(output) }
      try rename()
    }
  }

  /// Deletes a temporary, if it is still there, and forgets it.
  func discard(_ path: String) {
    // Inside the lock: two threads that empty one folder at a time get into each other's way.
    state.withLock { state in
      Self.remove(path)
      state.paths.remove(path)
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
