import NumericKernels

/// Draws of test queries with replacement, as many from each sub-scenario as it has.
///
/// Resample b is a function of the seed, the benchmark and b alone: the stream
/// `bootstrap/<benchmark>` number b of the seed draws, for each sub-scenario in ascending order and as
/// often as it has queries, the place of a query among those of the sub-scenario.
package struct StratifiedResampling: Sendable {
  /// The queries, sub-scenario by sub-scenario; inside one they keep their order.
  package let order: [Int]
  /// The places in `order` of each sub-scenario.
  package let strata: [Range<Int>]
  private let seed: UInt64
  private let stream: String

  package init(strata labels: [Int], benchmark: String, seed: UInt64) {
    let members = Dictionary(grouping: labels.indices) { labels[$0] }
    var order: [Int] = []
    var strata: [Range<Int>] = []
    for (_, queries) in members.sorted(by: { $0.key < $1.key }) {
      strata.append(order.count..<order.count + queries.count)
      order += queries
    }
    self.order = order
    self.strata = strata
    self.seed = seed
    stream = "bootstrap/\(benchmark)"
  }

  /// How often each place of `order` is drawn, resamples × n; each row sums to n.
  package func counts(of resamples: Range<Int>) -> Matrix {
    var counts = Matrix(rows: resamples.count, columns: order.count)
    Parallel.fillRows(of: &counts, blockRows: resamples.count) { rows, values in
      for row in rows {
        var generator = SeededGenerator(seed: seed, stream: stream, resamples.lowerBound + row)
        for stratum in strata {
          let base = row * order.count + stratum.lowerBound
          let size = stratum.count
          for _ in 0..<size { values[base + generator.below(size)] += 1 }
        }
      }
    }
    return counts
  }
}
