import Dispatch
import Synchronization

/// Data-parallel loops over fixed blocks.
///
/// The blocks depend on the problem's size only, so that what a block computes, and the order in
/// which block results are combined, are the same at any thread count.
public enum Parallel {
  /// Whether this code runs inside a loop's body, whose threads are all busy already.
  @TaskLocal private static var isInsideLoop = false

  /// Runs `body` once for each index in `0..<count`, on up to `Threads.count` threads.
  ///
  /// Bodies run in any order and at the same time: each must write to a place of its own. A loop inside
  /// a body runs on that body's thread.
  public static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let threads = isInsideLoop ? 1 : min(Threads.count, count)
    guard threads > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      $isInsideLoop.withValue(true) {
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          body(index)
        }
      }
    }
  }

  /// The results of `body` for each index in `0..<count`, in index order.
  public static func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
      let target = UncheckedSendable(buffer)
      forEach(count) { target.value.initializeElement(at: $0, to: body($0)) }
      initialized = count
    }
  }

  /// Cuts `0..<count` into blocks of `size` (the last may be shorter).
  public static func blocks(of count: Int, size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  /// Fills the rows of a matrix in parallel, block by block.
  ///
  /// `body` gets a range of rows and their elements, `range.count · columns` of them.
  public static func fillRows(
    of matrix: inout Matrix, blockRows: Int,
    _ body: @Sendable (Range<Int>, inout MutableSpan<Float>) -> Void
  ) {
    let ranges = blocks(of: matrix.rows, size: blockRows)
    let columns = matrix.columns
    matrix.storage.withUnsafeMutableBufferPointer { buffer in
      let target = UncheckedSendable(buffer)
      forEach(ranges.count) { index in
        let range = ranges[index]
        let part = UnsafeMutableBufferPointer(
          rebasing: target.value[range.lowerBound * columns..<range.upperBound * columns])
        var span = MutableSpan(_unsafeElements: part)
        body(range, &span)
      }
    }
  }
}

/// Carries a pointer into a parallel loop whose bodies touch disjoint parts of it.
struct UncheckedSendable<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
