/// Finds, for each row of one matrix, the rows of another that have the largest products with it.
///
/// A matrix product in single precision proposes candidates, and products in `Double` decide between
/// them. So the answer is exact and the same on every processor, also where products are equal.
public enum LargestProducts {
  static let leftRows = 128
  static let rightRows = 1024

  /// For each row of `left` (n × d) the `count` rows of `right` (N × d) with the largest products, best first.
  ///
  /// Equal products go to the smaller row; a `count` above N gives all rows. Norms must be small enough
  /// that products don't overflow. Cost: 2·n·N·d operations in SGEMM and a pass over the n × N
  /// products, of which 128 × 1,024 for each thread are in memory at a time.
  public static func rows(of left: Matrix, in right: Matrix, count: Int) -> [[Int]] {
    precondition(left.columns == right.columns, "products of \(left.shapeText) and \(right.shapeText)")
    precondition(count >= 0, "\(count) rows")
    let wanted = min(count, right.rows)
    guard wanted > 0, left.columns > 0 else {
      return Array(repeating: Array(0..<wanted), count: left.rows)
    }
    let blocks = Parallel.blocks(of: left.rows, size: leftRows)
    let largestNorm = (0..<right.rows).reduce(Float(0)) { max($0, norm(right.row($1))) }
    let parts = left.storage.withUnsafeBufferPointer { leftBuffer in
      right.storage.withUnsafeBufferPointer { rightBuffer in
        let sources = UncheckedSendable((leftBuffer, rightBuffer))
        return Parallel.map(blocks.count) { index -> [[Int]] in
          guard let a = sources.value.0.baseAddress, let b = sources.value.1.baseAddress else { return [] }
          let width = left.columns
          var selections = blocks[index].map { row in
            // Both the product kept and the one compared with it may be off by this much.
            let error = Float(width + 2) * 0x1p-23 * norm(left.row(row)) * largestNorm
            return Selection(wanted: wanted, margin: 2 * error + .leastNormalMagnitude)
          }
          let start = a + blocks[index].lowerBound * width
          propose(start, b, rows: right.rows, width: width, into: &selections)
          return selections.indices.map { row in
            selections[row].exact(start + row * width, b, width: width)
          }
        }
      }
    }
    return parts.flatMap { $0 }
  }

  private static func norm(_ row: ArraySlice<Float>) -> Float { BLAS.dot(row, row).squareRoot() }

  /// Offers all rows of the right-hand side to the selections of a block of the left-hand side.
  private static func propose(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, rows: Int, width: Int,
    into selections: inout [Selection]
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: selections.count * min(rows, rightRows)) {
      products in
      guard let base = products.baseAddress else { return }
      for chunk in Parallel.blocks(of: rows, size: rightRows) {
        BLAS.gemm(
          .asStored, .transposed, m: selections.count, n: chunk.count, k: width, scale: 1, a: a,
          aStride: width, b: b + chunk.lowerBound * width, bStride: width, c: base, cStride: chunk.count,
          keep: 0)
        for row in selections.indices {
          selections[row].offer(base + row * chunk.count, rows: chunk)
        }
      }
    }
  }
}

/// The rows that may still be among the largest for one row of the left-hand side.
private struct Selection {
  private let wanted: Int
  private let margin: Float
  private var candidates: [(product: Float, row: Int)] = []
  private var threshold = -Float.infinity
  private var capacity: Int

  init(wanted: Int, margin: Float) {
    self.wanted = wanted
    self.margin = margin
    capacity = 2 * wanted + 32
  }

  /// Looks through the products of some rows, 64 at a time: once the threshold stands, few are above it.
  mutating func offer(_ products: UnsafePointer<Float>, rows: Range<Int>) {
    for part in stride(from: 0, to: rows.count, by: 64) {
      let end = min(part + 64, rows.count)
      let limit = threshold
      var hits: Int32 = 0
      for index in part..<end { hits &+= products[index] >= limit ? 1 : 0 }
      guard hits > 0 else { continue }
      for index in part..<end where products[index] >= threshold {
        candidates.append((products[index], rows.lowerBound + index))
        if candidates.count >= capacity { prune() }
      }
    }
  }

  /// Drops what can't be among the largest any more.
  private mutating func prune() {
    guard candidates.count > wanted else { return }
    let sorted = candidates.map(\.product).sorted(by: >)
    threshold = sorted[wanted - 1] - margin
    candidates.removeAll { $0.product < threshold }
    capacity = max(capacity, 2 * candidates.count)
  }

  /// The wanted rows by their products in `Double`.
  mutating func exact(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, width: Int) -> [Int] {
    prune()
    let exact = candidates.map { (product: Self.product(a, b + $0.row * width, width), row: $0.row) }
    let order = exact.sorted { ($1.product, $0.row) < ($0.product, $1.row) }
    return order.prefix(wanted).map(\.row)
  }

  /// A product in a fixed order of sums, four chains so that the additions overlap.
  private static func product(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int) -> Double {
    var sums = (0.0, 0.0, 0.0, 0.0)
    var index = 0
    while index + 4 <= count {
      sums.0 += Double(x[index]) * Double(y[index])
      sums.1 += Double(x[index + 1]) * Double(y[index + 1])
      sums.2 += Double(x[index + 2]) * Double(y[index + 2])
      sums.3 += Double(x[index + 3]) * Double(y[index + 3])
      index += 4
    }
    while index < count {
      sums.0 += Double(x[index]) * Double(y[index])
      index += 1
    }
    return (sums.0 + sums.1) + (sums.2 + sums.3)
  }
}
