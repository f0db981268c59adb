import NumericKernels

/// Draws of test queries with replacement inside each stratum, with a spread that is right for small strata too.
///
/// A stratum is a sub-scenario; those with one query, which alone could not vary, are one stratum together (last),
/// and a single one of them joins the smallest other. From n queries of a stratum n − 1 are drawn, each counting
/// n / (n − 1): drawing n understates the variance of a mean by (n − 1) / n (McCarthy and Snowden 1985; Rao and Wu 1988).
///
/// Resample b is a function of the seed, the benchmark and b alone: the stream
/// `bootstrap/<benchmark>` number b of the seed draws, stratum by stratum, the place of a query among
/// those of the stratum.
package struct StratifiedResampling: Sendable {
  /// The queries, sub-scenario by sub-scenario; inside one they keep their order.
  package let order: [Int]
  /// The places in `order` of each stratum.
  package let strata: [Range<Int>]
  private let seed: UInt64
  private let stream: String

  package init(strata labels: [Int], benchmark: String, seed: UInt64) {
    let members = Dictionary(grouping: labels.indices) { labels[$0] }
    var order: [Int] = []
    var strata: [Range<Int>] = []
    for queries in Self.pooled(members.sorted { $0.key < $1.key }.map(\.value)) {
      strata.append(order.count..<order.count + queries.count)
      order += queries
    }
    self.order = order
    self.strata = strata
    self.seed = seed
    stream = "bootstrap/\(benchmark)"
  }

  /// The queries of each stratum.
  package var members: [[Int]] { strata.map { Array(order[$0]) } }

  /// The sub-scenarios with those of one query put together.
  private static func pooled(_ groups: [[Int]]) -> [[Int]] {
    var strata = groups.filter { $0.count > 1 }
    let single = groups.filter { $0.count == 1 }.flatMap { $0 }
    guard !single.isEmpty else { return strata }
    guard single.count == 1, let smallest = strata.indices.min(by: { strata[$0].count < strata[$1].count })
    else { return strata + [single.sorted()] }
    strata[smallest] = (strata[smallest] + single).sorted()
    return strata
  }

  /// How much each place of `order` counts, resamples × n; each row sums to n up to rounding.
  package func counts(of resamples: Range<Int>) -> Matrix {
    var counts = Matrix(rows: resamples.count, columns: order.count)
    Parallel.fillRows(of: &counts, blockRows: resamples.count) { rows, values in
      for row in rows {
        var generator = SeededGenerator(seed: seed, stream: stream, resamples.lowerBound + row)
        for stratum in strata {
          let base = row * order.count + stratum.lowerBound
          let size = stratum.count
          let draws = max(size - 1, 1)
          let weight = Float(size) / Float(draws)
          for _ in 0..<draws { values[base + generator.below(size)] += weight }
        }
      }
    }
    return counts
  }
}
