import NumericKernels

/// Numbers of queries, a column each, whose means on resamples are wanted: products counts × columns give them all.
///
/// Each column is stored as its deviation from its first value, and equal deviations are stored once: an SGEMM kernel may
/// round one column of a product differently from its neighbour, and what is equal must stay equal on every resample. For
/// the same reason columns stand in panels as wide as one tile of a kernel: a column's means are the same bits whichever
/// columns stand beside it.
package struct ColumnPanels: Sendable {
  /// Where a column stands: in which matrix of `deviations`, and where in that.
  package struct Place: Equatable, Sendable {
    package let panel: Int
    package let column: Int
  }

  /// The distinct deviations, rows in the order of the resampling: those of the leading columns in one matrix, then those
  /// of the others that differ from them in panels of n × `width`, the last one filled with zeros.
  package let deviations: [Matrix]
  /// Where the deviations of each column stand.
  package let places: [Place]
  /// The first value of each column.
  package let firsts: [Double]

  /// OpenBLAS's kernels work on tiles of 4, 8 or 16 columns; inside a full one all columns are summed alike.
  private static let width = 16

  /// Columns of one length, at least one; the first `leading` of them stand in one matrix of their own, and always together.
  package init(_ columns: [[Double]], leading: Int = 0, order: [Int]) {
    firsts = columns.map { $0[0] }
    var known: [[Float]: Int] = [:]
    var distinct: [[Float]] = []
    var ownCount = 0
    let numbers = columns.enumerated().map { index, column in
      let values = order.map { Float(column[$0] - column[0]) }
      if index == leading { ownCount = distinct.count }
      if let number = known[values] { return number }
      known[values] = distinct.count
      distinct.append(values)
      return distinct.count - 1
    }
    if columns.count == leading { ownCount = distinct.count }
    let first = leading > 0 ? 1 : 0
    places = numbers.map {
      $0 < ownCount
        ? Place(panel: 0, column: $0)
        : Place(panel: first + ($0 - ownCount) / Self.width, column: ($0 - ownCount) % Self.width)
    }
    deviations =
      (leading > 0 ? [Self.matrix(distinct[..<ownCount], rows: order.count, width: ownCount)] : [])
      + stride(from: ownCount, to: distinct.count, by: Self.width).map {
        Self.matrix(distinct[$0..<min($0 + Self.width, distinct.count)], rows: order.count, width: Self.width)
      }
  }

  private static func matrix(_ columns: ArraySlice<[Float]>, rows: Int, width: Int) -> Matrix {
    var matrix = Matrix(rows: rows, columns: width)
    for (place, values) in columns.enumerated() {
      for (row, value) in values.enumerated() { matrix[row, place] = value }
    }
    return matrix
  }

  /// The means of all columns on a block of resamples.
  package func means(ofCounts counts: Matrix) -> Means {
    Means(panels: self, sums: deviations.map { BLAS.multiply(counts, $0) })
  }

  /// The means of columns on some resamples.
  package struct Means: Sendable {
    private let panels: ColumnPanels
    private let sums: [Matrix]

    fileprivate init(panels: ColumnPanels, sums: [Matrix]) {
      self.panels = panels
      self.sums = sums
    }

    /// The mean of a column on a resample, by its place in the block.
    package subscript(resample: Int, column: Int) -> Double {
      let place = panels.places[column]
      return ShiftedMean.of(
        first: panels.firsts[column], deviations: Double(sums[place.panel][resample, place.column]),
        count: panels.deviations[0].rows)
    }
  }
}
