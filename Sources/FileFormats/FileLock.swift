import Foundation
import Synchronization

/// The right to write an output, which one process at a time has: until it is released or the process ends.
///
/// An advisory lock (flock) on a small hidden file: `.NAME.lock` beside the output, or one in a folder that is
/// filled in place. The file goes when the lock does; what a killed process leaves of it locks nothing and is
/// taken over by the next. Within a process the same output may be locked several times.
public final class FileLock: Sendable {
  /// What tells a file from all others of the machine.
  private struct Identity: Hashable {
    let device: dev_t
    let inode: ino_t

    init(_ status: stat) { (device, inode) = (status.st_dev, status.st_ino) }
  }

  /// A lock of this process.
  private struct Held {
    let descriptor: Int32
    let path: String
    var count: Int
  }

  static let nameInFolder = ".routerec.lock"
  private static let held = Mutex<[Identity: Held]>([:])

  private let identity: Identity
  /// Folders that were made for the lock, the innermost first, and go with it if nothing came into them.
  private let madeFolders: [String]
  private let isReleased = Mutex(false)

  /// Locks a file or a folder that is going to be written as a whole, makes missing folders around it, and clears what
  /// killed processes left of it half-written.
  ///
  /// - Parameters:
  ///   - companions: the paths of other files that are written with it.
  ///   - inputs: what is read for it, where writing inside it, or replacing what it lies in, would spoil it.
  /// - Throws: `FileError` for an output that another process is writing, that can't be written, or that lies in
  ///   an input or around one.
  public init(output path: String, companions: [String] = [], inputs: [String] = []) throws(FileError) {
    let made = try FolderCreation.makeParent(of: path)
    do throws(FileError) {
      let location = try OutputLocation(path)
      let others = try companions.map { companion throws(FileError) in try OutputLocation(companion) }
      for location in [location] + others { try location.requireApart(from: inputs) }
      identity = try Self.acquire(location.lockPath, for: path)
      for location in [location] + others { TemporaryOutputs.removeAbandoned(of: location) }
    } catch {
      for folder in made { rmdir(folder) }
      throw error
    }
    madeFolders = made
  }

  /// Locks a folder that is filled in place, and makes it, with its parents, where there is none.
  ///
  /// - Parameter files: paths below the folder of files that are going to be written, whose temporaries killed
  ///   processes may have left.
  /// - Throws: `FileError` for a folder that another process is filling or that can't be made or written.
  public init(folder path: String, files: [String] = []) throws(FileError) {
    let made = Array(try FolderCreation.make(path).reversed())
    do throws(FileError) {
      identity = try Self.acquire("\(path)/\(Self.nameInFolder)", for: path)
    } catch {
      for folder in made { rmdir(folder) }
      throw error
    }
    madeFolders = made
    for file in files {
      // One whose folder isn't there yet has no temporaries either.
      if let location = try? OutputLocation("\(path)/\(file)") {
        TemporaryOutputs.removeAbandoned(of: location)
      }
    }
  }

  /// Lets other processes have the output.
  public func release() {
    let isFirst = isReleased.withLock { released in
      defer { released = true }
      return !released
    }
    guard isFirst else { return }
    Self.held.withLock { held in
      guard var lock = held[identity] else { return }
      lock.count -= 1
      held[identity] = lock.count > 0 ? lock : nil
      guard lock.count == 0 else { return }
      // The file goes first: who opened it before must find that it is gone, and make a new one.
      TemporaryOutputs.shared.discard(lock.path)
      for folder in madeFolders { rmdir(folder) }
      close(lock.descriptor)
    }
  }

  deinit { release() }

  private static func acquire(_ path: String, for output: String) throws(FileError) -> Identity {
    try held.withLock { held throws(FileError) in
      // In one step as seen by an interruption, which would otherwise miss a file that was just made.
      let (identity, descriptor) = try TemporaryOutputs.shared.enter(path, for: output) {
        () throws(FileError) in
        while true {
          let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
          guard descriptor >= 0 else {
            throw FileError(output, "can't be written: \(ByteRegion.lastError())")
          }
          let identity = try lock(descriptor, path, for: output, isHeld: { held[$0] != nil })
          if let identity { return (identity, descriptor) }
        }
      }
      if held[identity] != nil {
        close(descriptor)
        held[identity]?.count += 1
      } else {
        held[identity] = Held(descriptor: descriptor, path: path, count: 1)
      }
      return identity
    }
  }

  /// Locks an open file, unless this process has it locked already, and tells which it is.
  ///
  /// Gives nil for one that was removed meanwhile. The descriptor is closed unless there is an answer.
  private static func lock(
    _ descriptor: Int32, _ path: String, for output: String, isHeld: (Identity) -> Bool
  ) throws(FileError) -> Identity? {
    var (opened, named) = (stat(), stat())
    guard fstat(descriptor, &opened) == 0 else {
      let reason = ByteRegion.lastError()
      close(descriptor)
      throw FileError(output, "can't be locked: \(reason)")
    }
    let identity = Identity(opened)
    if isHeld(identity) { return identity }
    // A file system without locks protects nobody, but must not keep anybody from working either.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw FileError(output, "is being written by another process: wait until that has ended")
    }
    // Who had the lock may have removed the file between the two calls.
    guard lstat(path, &named) == 0, Identity(named) == identity else {
      close(descriptor)
      return nil
    }
    return identity
  }
}
