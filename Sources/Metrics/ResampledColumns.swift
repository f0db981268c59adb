import NumericKernels

/// The per-query numbers whose resampled means a bootstrap needs, as the columns of one matrix.
///
/// Products counts × columns then give every mean of a block of resamples. Columns: the
/// candidates' responses and the best of them; then for each router those of its metrics.
/// Each column is stored as its deviation from its first value, and equal deviations are stored once:
/// an SGEMM kernel may round one column of a product differently from its neighbour, and what is equal
/// must stay equal on every resample. For the same reason the routers' own columns stand in panels as wide as
/// one tile of a kernel: a router's replicates are the same bits whichever routers stand beside it.
package struct ResampledColumns: Sendable {
  /// A metric of one router and the columns whose means decide it.
  package struct MetricColumns: Sendable {
    package let metric: Metric
    package let columns: Range<Int>
    /// Whether any of the columns differs between queries.
    package let varies: Bool
  }

  /// Where a column stands: in which matrix of `deviations`, and where in that.
  package struct Place: Equatable, Sendable {
    package let panel: Int
    package let column: Int
  }

  /// The distinct deviations, rows in the order of the resampling: those of the candidates in one matrix, then those of
  /// routers that differ from them in panels of n × `panelWidth`, the last one filled with zeros.
  package let deviations: [Matrix]
  /// Where the deviations of each column stand.
  package let places: [Place]
  /// The first value of each column.
  package let firsts: [Double]
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
    firsts = columns.map { $0[0] }
    var known: [[Float]: Int] = [:]
    var distinct: [[Float]] = []
    var ownCount = 0
    let ownColumns = candidates + 1
    let numbers = columns.enumerated().map { index, column in
      let values = order.map { Float(column[$0] - column[0]) }
      if index == ownColumns { ownCount = distinct.count }
      if let number = known[values] { return number }
      known[values] = distinct.count
      distinct.append(values)
      return distinct.count - 1
    }
    if columns.count == ownColumns { ownCount = distinct.count }
    let width = Self.panelWidth
    places = numbers.map {
      $0 < ownCount
        ? Place(panel: 0, column: $0)
        : Place(panel: 1 + ($0 - ownCount) / width, column: ($0 - ownCount) % width)
    }
    deviations =
      [Self.matrix(distinct[..<ownCount], rows: order.count, width: ownCount)]
      + stride(from: ownCount, to: distinct.count, by: width).map {
        Self.matrix(distinct[$0..<min($0 + width, distinct.count)], rows: order.count, width: width)
      }
  }

  /// OpenBLAS's kernels work on tiles of 4, 8 or 16 columns; inside a full one all columns are summed alike.
  private static let panelWidth = 16

  private static func matrix(_ columns: ArraySlice<[Float]>, rows: Int, width: Int) -> Matrix {
    var matrix = Matrix(rows: rows, columns: width)
    for (place, values) in columns.enumerated() {
      for (row, value) in values.enumerated() { matrix[row, place] = value }
    }
    return matrix
  }

  /// The statistics of a block of resamples from how often each draws each query, resamples × n.
  package func statistics(ofCounts counts: Matrix) -> BootstrapReplicates {
    let sums = deviations.map { BLAS.multiply(counts, $0) }
    let count = deviations[0].rows
    func mean(_ row: Int, _ column: Int) -> Double {
      let place = places[column]
      return ShiftedMean.of(
        first: firsts[column], deviations: Double(sums[place.panel][row, place.column]), count: count)
    }
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
