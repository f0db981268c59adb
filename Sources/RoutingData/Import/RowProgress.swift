import Synchronization

/// Turns steps of some rows into shares of the whole; safe from any thread.
final class RowProgress: Sendable {
  private let total: Int
  private let done = Atomic<Int>(0)
  private let report: @Sendable (Double) -> Void

  init(total: Int, report: @escaping @Sendable (Double) -> Void) {
    self.total = max(total, 1)
    self.report = report
  }

  /// Counts some rows and reports each time another hundredth of all is done.
  func advance(_ rows: Int) {
    let (old, new) = done.wrappingAdd(rows, ordering: .relaxed)
    if old * 100 / total != new * 100 / total { report(min(1, Double(new) / Double(total))) }
  }
}
