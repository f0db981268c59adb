import Foundation
import Synchronization

/// The number of threads that parallel loops use; it changes speed, never a result.
public enum Threads {
  private static let setting = Atomic<Int>(0)

  /// The processors this process may run on.
  ///
  /// Asked for once: Foundation reads the container's limits from files, which takes tens of microseconds.
  public static let available: Int = max(1, ProcessInfo.processInfo.activeProcessorCount)

  /// The number of threads in use, by default the available processors.
  public static var count: Int {
    get {
      let chosen = setting.load(ordering: .relaxed)
      return chosen > 0 ? chosen : available
    }
    set {
      precondition(newValue > 0, "\(newValue) threads")
      setting.store(newValue, ordering: .relaxed)
    }
  }
}
