/// A similarity of two vectors that is an inner product in some space of features.
public enum KernelFunction: Equatable, Sendable {
  /// exp(−γ‖x − y‖²), in (0, 1].
  case gaussian(gamma: Float)
  /// x·y / (‖x‖‖y‖), in [−1, 1]; 0 for a vector of zeros.
  case cosine

  private static let rowsOfTile = 256
  private static let columnsOfTile = 1024

  /// The kernel of each row of X with each row of Y, n × m; cost 2·n·m·d and one exponential a pair.
  public func matrix(_ x: Matrix, _ y: Matrix) -> Matrix { KernelLandmarks(y, self).matrix(x) }

  /// The kernel of each row of X with each row of X, n × n and symmetric to the last bit; cost n²·d.
  public func matrix(_ x: Matrix) -> Matrix {
    let operand = Operand(x, self)
    let n = x.rows
    let strips = Parallel.blocks(of: n, size: Self.rowsOfTile)
    // Uninitialized, so that the threads that fill it also touch its memory first.
    let storage = [Float](unsafeUninitializedCapacity: n * n) { buffer, count in
      count = n * n
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedSendable(base)
      // The longest strip first, so that the threads end together.
      Parallel.forEach(strips.count) { index in
        let strip = strips[strips.count - 1 - index]
        let rows = target.value + strip.lowerBound * n
        for part in Parallel.blocks(of: strip.upperBound, size: Self.columnsOfTile) {
          fill(operand, strip, operand, part, rows + part.lowerBound, stride: n)
        }
        Self.mirror(strip, target.value, n)
      }
      if case .gaussian = self {
        for row in 0..<n { base[row * (n + 1)] = 1 }
      }
    }
    return Matrix(rows: n, columns: n, storage: storage)
  }

  /// Copies a strip's part below the diagonal above it, in squares that fit a cache.
  private static func mirror(_ strip: Range<Int>, _ base: UnsafeMutablePointer<Float>, _ n: Int) {
    let side = 32
    for rows in Parallel.blocks(of: strip.count, size: side) {
      let rows = rows.lowerBound + strip.lowerBound..<rows.upperBound + strip.lowerBound
      for columns in Parallel.blocks(of: rows.upperBound, size: side) {
        for column in columns {
          for row in max(rows.lowerBound, column)..<max(rows.upperBound, column) {
            base[column * n + row] = base[row * n + column]
          }
        }
      }
    }
  }

  /// One tile: a matrix product and an elementwise pass while it is in the cache.
  private func fill(
    _ x: Operand, _ rows: Range<Int>, _ y: Operand, _ columns: Range<Int>,
    _ tile: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let depth = x.rows.columns
    x.rows.storage.withUnsafeBufferPointer { left in
      y.rows.storage.withUnsafeBufferPointer { right in
        for row in 0..<rows.count {
          (tile + row * stride).update(repeating: 0, count: columns.count)
        }
        guard depth > 0, let a = left.baseAddress, let b = right.baseAddress else { return }
        BLAS.gemm(
          .asStored, .transposed, m: rows.count, n: columns.count, k: depth, scale: 1,
          a: a + rows.lowerBound * depth, aStride: depth, b: b + columns.lowerBound * depth, bStride: depth,
          c: tile, cStride: stride, keep: 0)
      }
    }
    guard case .gaussian(let gamma) = self else { return }
    y.squares.withUnsafeBufferPointer { squares in
      guard let others = squares.baseAddress else { return }
      for row in 0..<rows.count {
        Self.exponentials(
          tile + row * stride, gamma: gamma, own: x.squares[rows.lowerBound + row],
          others: others + columns.lowerBound, count: columns.count)
      }
    }
  }

  /// Replaces products x·y by exp(−γ(‖x‖² + ‖y‖² − 2 x·y)), where rounding below 0 counts as 0.
  static func exponentials(
    _ values: UnsafeMutablePointer<Float>, gamma: Float, own: Float, others: UnsafePointer<Float>, count: Int
  ) {
    let width = VectorMath.Lanes.scalarCount
    func result(_ products: VectorMath.Lanes, _ squares: VectorMath.Lanes) -> VectorMath.Lanes {
      let distances = squares + own - 2 * products
      return VectorMath.expNegative(distances.replacing(with: 0, where: distances .< 0) * gamma)
    }
    var column = 0
    while column + width <= count {
      let squares = UnsafeRawPointer(others + column).loadUnaligned(as: VectorMath.Lanes.self)
      let target = UnsafeMutableRawPointer(values + column)
      let products = target.loadUnaligned(as: VectorMath.Lanes.self)
      target.storeBytes(of: result(products, squares), as: VectorMath.Lanes.self)
      column += width
    }
    while column < count {
      values[column] =
        result(VectorMath.Lanes(repeating: values[column]), VectorMath.Lanes(repeating: others[column]))[0]
      column += 1
    }
  }

  /// Rows ready for products: of length 1 for the cosine, with their squared lengths for the Gaussian.
  struct Operand: Sendable {
    let rows: Matrix
    let squares: [Float]

    init(_ matrix: Matrix, _ kernel: KernelFunction) {
      var squares = (0..<matrix.rows).map { BLAS.dot(matrix.row($0), matrix.row($0)) }
      guard case .cosine = kernel else {
        rows = matrix
        self.squares = squares
        return
      }
      for row in squares.indices { squares[row] = squares[row] > 0 ? 1 / squares[row].squareRoot() : 0 }
      var scaled = matrix
      for row in 0..<matrix.rows {
        for place in row * matrix.columns..<(row + 1) * matrix.columns {
          scaled.storage[place] *= squares[row]
        }
      }
      rows = scaled
      self.squares = []
    }
  }
}
