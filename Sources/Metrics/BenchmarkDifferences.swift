import NumericKernels

/// How much better one router is than another in some cells of one benchmark, on the same resamples of its queries.
///
/// Queries are resampled once for all cells, so that means over cells have intervals. A cell may leave out queries that another
/// measures; its difference on a resample is then linear in how often its own queries are drawn.
package struct BenchmarkDifferences: Sendable {
  /// One cell.
  package struct Cell: Sendable {
    /// The measured queries, as rows of the benchmark, ascending.
    package let queries: [Int]
    /// The sub-scenario of each.
    package let strata: [Int]
    /// What the first router earned more than the second, n numbers in [−1, 1].
    package let gains: [Double]
    /// Whether both pick alike, so that they can't differ on other queries either.
    package let isIdentity: Bool

    /// A cell from its parts.
    package init(queries: [Int], strata: [Int], gains: [Double], isIdentity: Bool) {
      precondition(queries.count == gains.count && strata.count == gains.count, "\(gains.count) gains")
      self.queries = queries
      self.strata = strata
      self.gains = gains
      self.isIdentity = isIdentity
    }
  }

  /// The difference in μ of each cell.
  package let values: [Double]
  /// Whether both routers pick alike, for each cell.
  let isIdentity: [Bool]
  /// For each cell a number for every query that any cell measures, whose mean is the cell's difference.
  let terms: [[Double]]
  /// The difference of each cell on each resample.
  let replicates: [[Double]]
  /// The queries of each stratum, as places in `terms`.
  let members: [[Int]]

  /// The differences in some cells, at least one.
  ///
  /// Cost: resamples · N random numbers and 2 · resamples · N · cells operations, for N queries in all.
  package init(_ cells: [Cell], benchmark: String, bootstrap: Bootstrap) {
    var stratum: [Int: Int] = [:]
    for cell in cells { for (query, own) in zip(cell.queries, cell.strata) { stratum[query] = own } }
    let queries = stratum.keys.sorted()
    let places = Dictionary(uniqueKeysWithValues: queries.enumerated().map { ($1, $0) })
    let values = cells.map { ShiftedMean.of($0.gains) }
    terms = zip(cells, values).map { cell, value in
      guard cell.queries != queries else { return cell.gains }
      // N/n of what a query adds to the sum of deviations: its influence on the cell's mean.
      let scale = Double(queries.count) / Double(cell.queries.count)
      var terms = [Double](repeating: value, count: queries.count)
      for (query, gain) in zip(cell.queries, cell.gains) {
        if let place = places[query] { terms[place] += scale * (gain - value) }
      }
      return terms
    }
    let resampling = StratifiedResampling(
      strata: queries.map { stratum[$0] ?? 0 }, benchmark: benchmark, seed: bootstrap.seed)
    replicates = Self.replicates(of: terms, resampling, count: bootstrap.resamples)
    members = resampling.members
    self.values = values
    isIdentity = cells.map(\.isIdentity)
  }

  /// The means of some columns on each resample.
  private static func replicates(
    of columns: [[Double]], _ resampling: StratifiedResampling, count: Int
  ) -> [[Double]] {
    let order = resampling.order
    let blocks = Parallel.blocks(of: count, size: Bootstrap.blockSize)
    // As wide as a tile of a kernel, so that a column's means are the same bits whatever stands beside it.
    let width = 16
    let panels = stride(from: 0, to: columns.count, by: width).map { first in
      var panel = Matrix(rows: order.count, columns: width)
      for (place, column) in columns[first..<min(first + width, columns.count)].enumerated() {
        for (row, query) in order.enumerated() { panel[row, place] = Float(column[query] - column[0]) }
      }
      return panel
    }
    let parts = Parallel.map(blocks.count) { block -> [Matrix] in
      let counts = resampling.counts(of: blocks[block])
      return panels.map { BLAS.multiply(counts, $0) }
    }
    return columns.indices.map { index in
      parts.flatMap { part in
        let sums = part[index / width]
        return (0..<sums.rows).map {
          ShiftedMean.of(
            first: columns[index][0], deviations: Double(sums[$0, index % width]), count: order.count)
        }
      }
    }
  }
}

extension PairedDifference {
  /// The mean difference in μ over cells of one or several benchmarks, each cell alike; benchmarks are resampled each for itself.
  ///
  /// Exactly the opposite where the routers change places.
  package init(
    over parts: [(differences: BenchmarkDifferences, cells: [Int])], bootstrap: Bootstrap
  ) {
    let count = Double(parts.reduce(0) { $0 + $1.cells.count })
    let queries = parts.map { Double($0.differences.terms[0].count) }
    let all = queries.reduce(0, +)
    let terms = zip(parts, queries).flatMap { part, own in
      part.differences.terms[0].indices.map { query in
        part.cells.reduce(0) { $0 + part.differences.terms[$1][query] } * all / own / count
      }
    }
    let value =
      parts.reduce(0) { sum, part in
        part.cells.reduce(sum) { $0 + part.differences.values[$1] }
      } / count
    let replicates = (0..<bootstrap.resamples).map { resample in
      parts.reduce(0) { sum, part in
        part.cells.reduce(sum) { $0 + part.differences.replicates[$1][resample] }
      } / count
    }
    var members: [[Int]] = []
    var start = 0
    for part in parts {
      members += part.differences.members.map { $0.map { $0 + start } }
      start += part.differences.terms[0].count
    }
    // The most that one query can move the mean, which is 1 in one benchmark whose cells measure the same queries.
    let share = zip(parts, queries).map { Double($0.cells.count) * all / $1 / count }.max() ?? 1
    let reach = terms.reduce(share) { max($0, abs($1)) }
    let isIdentity = parts.allSatisfy { part in part.cells.allSatisfy { part.differences.isIdentity[$0] } }
    let sign = (value != 0 ? value : terms.first { $0 != 0 } ?? 0) < 0 ? -1.0 : 1.0
    let statistics = BootstrapReplicates(
      joining: [BootstrapReplicates(bestSingle: [], testBest: [], trainBest: nil, oracle: [], routers: [])],
      level: bootstrap.level, strata: members)
    let (ownTerms, own) = (terms.map { sign * $0 }, replicates.map { sign * $0 })
    let estimate = statistics.estimate(
      sign * value, own, isIdentity ? nil : BoundedMean(ownTerms, in: -reach...reach))
    let interval = estimate.low.flatMap { low in estimate.high.map { (low: low, high: $0) } }
    self.init(
      mu: Estimate(
        sign * estimate.value,
        interval.map {
          sign < 0 ? Interval(low: -$0.high, high: -$0.low) : Interval(low: $0.low, high: $0.high)
        }),
      bestSingleModelValue: nil,
      pValue: max(PairedDifference.pValue(of: own), SignFlipTest.pValue(of: ownTerms)))
  }
}
