import COpenBLAS

/// A matrix of `Float` of which each row keeps its non-zero elements only (CSR).
///
/// Products run over fixed blocks of rows, and sum each row's elements in the order in which they are kept: they have
/// the same bits at any thread count.
public struct SparseRows: Equatable, Sendable {
  static let blockRows = 64

  /// The number of columns.
  public let columns: Int
  /// Where each row's elements begin, and the end of the last row's.
  private let starts: [Int]
  /// The column of each element.
  private let places: [Int32]
  private let values: [Float]

  /// A matrix from its rows: columns and elements, as many of each.
  public init(columns: Int, rows: [(places: [Int32], values: [Float])]) {
    var starts = [0]
    starts.reserveCapacity(rows.count + 1)
    for row in rows {
      precondition(
        row.places.count == row.values.count, "\(row.places.count) places, \(row.values.count) values")
      starts.append(starts[starts.count - 1] + row.places.count)
    }
    self.init(
      columns: columns, starts: starts, places: rows.flatMap(\.places), values: rows.flatMap(\.values))
  }

  private init(columns: Int, starts: [Int], places: [Int32], values: [Float]) {
    let (least, most) = places.reduce((Int32(0), Int32(-1))) { (min($0.0, $1), max($0.1, $1)) }
    precondition(least >= 0 && most < columns, "an element outside of \(columns) columns")
    self.columns = columns
    self.starts = starts
    self.places = places
    self.values = values
  }

  /// The number of rows.
  public var rows: Int { starts.count - 1 }

  /// The number of elements that are kept.
  public var count: Int { values.count }

  /// The transpose, each of its rows in ascending order of columns; cost two passes over the elements.
  public var transposed: SparseRows {
    var starts = [Int](repeating: 0, count: columns + 1)
    for place in places { starts[Int(place) + 1] += 1 }
    for column in 0..<columns { starts[column + 1] += starts[column] }
    var next = starts
    var rowsOfElements = [Int32](repeating: 0, count: count)
    var elements = [Float](repeating: 0, count: count)
    for row in 0..<rows {
      for index in self.starts[row]..<self.starts[row + 1] {
        let target = next[Int(places[index])]
        next[Int(places[index])] += 1
        rowsOfElements[target] = Int32(truncatingIfNeeded: row)
        elements[target] = values[index]
      }
    }
    return SparseRows(columns: rows, starts: starts, places: rowsOfElements, values: elements)
  }

  /// A·B for a dense B of m × p, n × p; cost 2p operations for each element (SAXPY).
  public func times(_ right: Matrix) -> Matrix {
    precondition(right.rows == columns, "\(rows) × \(columns) times \(right.shapeText)")
    var result = Matrix(rows: rows, columns: right.columns)
    let width = right.columns
    guard width > 0 else { return result }
    right.storage.withUnsafeBufferPointer { buffer in
      let source = UncheckedSendable(buffer)
      Parallel.fillRows(of: &result, blockRows: Self.blockRows) { range, span in
        span.withUnsafeMutableBufferPointer { target in
          guard let base = source.value.baseAddress, let sums = target.baseAddress else { return }
          BLAS.prepare()
          for (offset, row) in range.enumerated() {
            for index in starts[row]..<starts[row + 1] {
              cblas_saxpy(
                blasint(width), values[index], base + Int(places[index]) * width, 1, sums + offset * width, 1)
            }
          }
        }
      }
    }
    return result
  }
}

/// A sparse matrix as the randomized decomposition asks for it: one block, with its transpose beside it.
public struct SparseOperator: StackedOperator {
  private let matrix: SparseRows
  private let transpose: SparseRows

  /// The operator of a matrix; keeps its elements twice.
  public init(_ matrix: SparseRows) {
    self.matrix = matrix
    transpose = matrix.transposed
  }

  /// The number of rows.
  public var rowCounts: [Int] { [matrix.rows] }
  /// The number of columns.
  public var columnCount: Int { matrix.columns }

  /// A·B.
  public func times(_ right: Matrix) -> [Matrix] { [matrix.times(right)] }

  /// Aᵀ·B.
  public func transposedTimes(_ left: [Matrix]) -> Matrix {
    precondition(left.count == 1, "\(left.count) blocks for a matrix of one")
    return transpose.times(left[0])
  }
}
