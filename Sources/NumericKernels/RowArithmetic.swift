extension Matrix {
  /// The columns of another matrix to the right of this one's, copied.
  public func appending(columns other: Matrix) -> Matrix {
    precondition(other.rows == rows, "\(other.shapeText) beside \(shapeText)")
    var result = Matrix(rows: rows, columns: columns + other.columns)
    for row in 0..<rows {
      let start = row * result.columns
      result.storage.replaceSubrange(start..<start + columns, with: self.row(row))
      result.storage.replaceSubrange(start + columns..<start + result.columns, with: other.row(row))
    }
    return result
  }

  /// The product of each row with the same row of a matrix of the same shape (SDOT).
  public func rowDots(_ other: Matrix) -> [Float] {
    precondition(other.rows == rows && other.columns == columns, "\(other.shapeText) with \(shapeText)")
    return (0..<rows).map { BLAS.dot(row($0), other.row($0)) }
  }

  /// Adds the rows of a matrix of the same shape, each times a number of its own.
  public mutating func addRows(of other: Matrix, times factors: [Float]) {
    precondition(other.rows == rows && other.columns == columns && factors.count == rows)
    for row in 0..<rows {
      for index in row * columns..<(row + 1) * columns {
        storage[index] += factors[row] * other.storage[index]
      }
    }
  }

  /// Adds scale · other · diag(weights).
  public mutating func addProduct(of other: Matrix, with weights: [Float], scale: Float) {
    precondition(other.rows == rows && other.columns == columns && weights.count == columns)
    for row in 0..<rows {
      for column in 0..<columns {
        storage[row * columns + column] += scale * weights[column] * other.storage[row * columns + column]
      }
    }
  }

  /// Each row less the mean of all rows.
  public var centred: Matrix {
    var result = self
    for column in 0..<columns {
      var sum = 0.0
      for row in 0..<rows { sum += Double(storage[row * columns + column]) }
      let mean = Float(sum / Double(max(rows, 1)))
      for row in 0..<rows { result.storage[row * columns + column] -= mean }
    }
    return result
  }

  /// The product of each column of a matrix with that of another of the same shape, in double, row after row.
  public static func columnDots(_ a: Matrix, _ b: Matrix) -> [Double] {
    precondition(a.rows == b.rows && a.columns == b.columns, "\(a.shapeText) with \(b.shapeText)")
    var sums = [Double](repeating: 0, count: a.columns)
    for row in 0..<a.rows {
      let start = row * a.columns
      for column in sums.indices {
        sums[column] += Double(a.storage[start + column]) * Double(b.storage[start + column])
      }
    }
    return sums
  }

  /// Each row times a number of its own.
  public func scalingRows(by factors: [Float]) -> Matrix {
    precondition(factors.count == rows, "\(factors.count) factors for \(shapeText)")
    var result = self
    for row in 0..<rows {
      for index in row * columns..<(row + 1) * columns { result.storage[index] *= factors[row] }
    }
    return result
  }
}
