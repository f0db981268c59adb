import Foundation
import NumericKernels
import Synchronization
import Testing

@Suite(.serialized) struct ParallelTests {
  @Test(arguments: [1, 2, 5]) func everyIndexRunsOnce(threads: Int) {
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = threads
    let counts = Mutex([Int](repeating: 0, count: 100))
    Parallel.forEach(100) { index in counts.withLock { $0[index] += 1 } }
    #expect(counts.withLock { $0 } == Array(repeating: 1, count: 100))
    #expect(Parallel.map(50) { $0 * $0 } == (0..<50).map { $0 * $0 })
  }

  @Test func aLoopInsideABodyRunsOnItsThread() {
    let threads = Parallel.map(8) { _ in [pthread_self()] + Parallel.map(16) { _ in pthread_self() } }
    for own in threads { #expect(Set(own).count == 1) }
  }

  @Test func blocksCoverTheRange() {
    #expect(Parallel.blocks(of: 10, size: 4) == [0..<4, 4..<8, 8..<10])
    #expect(Parallel.blocks(of: 0, size: 4).isEmpty)
  }

  @Test func rowsAreFilledInPlace() {
    var matrix = Matrix(rows: 5, columns: 3)
    Parallel.fillRows(of: &matrix, blockRows: 2) { range, values in
      for offset in 0..<range.count * 3 { values[offset] = Float(range.lowerBound * 3 + offset) }
    }
    #expect(matrix.storage == (0..<15).map(Float.init))
  }
}
