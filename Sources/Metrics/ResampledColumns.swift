import NumericKernels

/// The per-query numbers whose resampled means a bootstrap needs, as the columns of one matrix.
///
/// Columns: the candidates' responses and the best of them; then for each router those of its metrics, see `ColumnPanels`.
package struct ResampledColumns: Sendable {
  /// A metric of one router and the columns whose means decide it.
  package struct MetricColumns: Sendable {
    package let metric: Metric
    package let columns: Range<Int>
    /// Whether any of the columns differs between queries.
    package let varies: Bool
  }

  /// The columns.
  package let panels: ColumnPanels
  /// The number of candidates, whose responses are the first columns; the best response comes next.
  package let candidates: Int
  /// The column of the candidate that is best on the measured queries.
  package let testBest: Int
  /// The column of the candidate that was best on train.
  package let trainBest: Int?
  /// The columns of each router's metrics.
  package let routers: [[MetricColumns]]
  private let reference: Double?

  package init(_ pool: PoolResponses, _ routed: [RoutedQueries], metrics: [Metric], order: [Int]) {
    reference = pool.referenceAccuracy
    candidates = pool.llms.count
    testBest = pool.testBest
    trainBest = pool.trainBest
    var columns = (0..<candidates).map { pool.values.column($0).map(Double.init) }
    columns.append(pool.bestResponses)
    routers = routed.map { outcome in
      metrics.compactMap { metric in
        guard let own = metric.columns(outcome, pool) else { return nil }
        columns += own
        return MetricColumns(
          metric: metric, columns: columns.count - own.count..<columns.count,
          varies: own.contains { column in column.contains { $0 != column[0] } })
      }
    }
    panels = ColumnPanels(columns, leading: candidates + 1, order: order)
  }

  /// The statistics of a block of resamples from how often each draws each query, resamples × n.
  package func statistics(ofCounts counts: Matrix) -> BootstrapReplicates {
    let all = panels.means(ofCounts: counts)
    func mean(_ row: Int, _ column: Int) -> Double { all[row, column] }
    let rows = 0..<counts.rows
    func means(_ column: Int) -> [Double] { rows.map { mean($0, column) } }
    let bestSingle = rows.map { row in (0..<candidates).reduce(0) { max($0, mean(row, $1)) } }
    let (trainBest, oracle) = (trainBest.map(means), means(candidates))
    func values(_ own: MetricColumns) -> [Double] {
      var means = [Double](repeating: 0, count: own.columns.count)
      func fill(_ row: Int) {
        for (place, column) in own.columns.enumerated() { means[place] = mean(row, column) }
      }
      switch own.metric.definition {
      case .means(_, let value):
        // What doesn't vary has one value, and logarithms are what takes long.
        let values = (own.varies ? rows : 0..<1).map { row in
          fill(row)
          return value(means) ?? .nan
        }
        return own.varies ? values : [Double](repeating: values[0], count: rows.count)
      case .relative(_, let value):
        return rows.map { row in
          fill(row)
          let context = MetricContext(
            bestSingle: bestSingle[row], trainBest: trainBest?[row], oracle: oracle[row], reference: reference
          )
          return value(means, context) ?? .nan
        }
      case .whole:
        return []
      }
    }
    return BootstrapReplicates(
      bestSingle: bestSingle, testBest: means(testBest), trainBest: trainBest, oracle: oracle,
      routers: routers.map { metrics in
        RouterReplicates(metrics.reduce(into: [:]) { $0[$1.metric.key] = values($1) })
      })
  }
}
