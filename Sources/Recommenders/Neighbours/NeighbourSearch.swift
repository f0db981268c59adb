import NumericKernels
import Synchronization

/// The neighbours of a benchmark's queries, shared by the routers of all its pools.
///
/// A grid asks for the same test queries pool after pool; the last answer is kept.
final class NeighbourSearch: Sendable {
  private struct Answer {
    let queries: [Int]
    let embeddings: Matrix
    let neighbours: [[Int]]
  }

  private let index: NearestNeighbours
  private let count: Int
  private let last = Mutex<Answer?>(nil)

  init(train: Matrix, count: Int) {
    index = NearestNeighbours(train: train)
    self.count = count
  }

  var dimensions: Int { index.dimensions }

  /// The train rows nearest to each query of a batch, nearest first.
  func neighbours(of batch: QueryBatch) -> [[Int]] {
    let known = last.withLock { answer in
      answer?.queries == batch.queries && answer?.embeddings == batch.embeddings ? answer?.neighbours : nil
    }
    if let known { return known }
    let found = index.nearest(to: batch.embeddings, count: count)
    last.withLock { $0 = Answer(queries: batch.queries, embeddings: batch.embeddings, neighbours: found) }
    return found
  }
}
