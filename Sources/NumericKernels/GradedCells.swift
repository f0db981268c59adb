/// The graded cells that a logistic model explains: n × m values in [0, 1], some perhaps missing.
public struct GradedCells: Sendable {
  /// How the values are stored.
  public enum Values: Sendable {
    /// Zeros and ones.
    case bits(BitMatrix)
    /// Numbers in [0, 1].
    case floats(Matrix)
  }

  /// The values; those of missing cells are ignored.
  public let values: Values
  /// Which cells are observed; nil means all.
  public let observed: BitMatrix?
  /// The number of rows, n.
  public let rows: Int
  /// The number of columns, m.
  public let columns: Int

  /// Cells from their values and its mask of the same shape.
  public init(_ values: Values, observed: BitMatrix? = nil) {
    self.values = values
    self.observed = observed
    switch values {
    case .bits(let bits): (rows, columns) = (bits.rows, bits.columns)
    case .floats(let matrix): (rows, columns) = (matrix.rows, matrix.columns)
    }
    if let observed {
      precondition(observed.rows == rows && observed.columns == columns, "mask and values differ in shape")
    }
  }

  /// The number of observed cells.
  public var observedCount: Int { observed?.count ?? rows * columns }

  /// The same cells with rows and columns exchanged, copied.
  public var transposed: GradedCells {
    switch values {
    case .bits(let bits): GradedCells(.bits(bits.transposed), observed: observed?.transposed)
    case .floats(let matrix): GradedCells(.floats(matrix.transposed), observed: observed?.transposed)
    }
  }

  /// The sum of the responses of each row, n × 2 with their number beside it, and the same of each column, m × 2.
  ///
  /// Cost a count of bits, or two passes over numbers.
  public func sums() -> (rows: Matrix, columns: Matrix) {
    let all = (
      Matrix(rows: rows, columns: 1, repeating: Float(columns)),
      Matrix(rows: columns, columns: 1, repeating: Float(rows))
    )
    let counts = observed.map(Self.counts) ?? all
    let sums: (Matrix, Matrix)
    switch values {
    case .bits(let bits): sums = Self.counts(observed.map(bits.intersection) ?? bits)
    case .floats:
      let cells = SquaredResiduals(
        self, rows: Matrix(rows: rows, columns: 0), columns: Matrix(rows: columns, columns: 0))
      sums = (
        cells.times(Matrix(rows: columns, columns: 1, repeating: 1)),
        cells.transposedTimes(Matrix(rows: rows, columns: 1, repeating: 1))
      )
    }
    return (sums.0.appending(columns: counts.0), sums.1.appending(columns: counts.1))
  }

  /// The numbers of ones in the rows and in the columns.
  private static func counts(_ bits: BitMatrix) -> (Matrix, Matrix) {
    (
      Matrix(rows: bits.rows, columns: 1, storage: (0..<bits.rows).map { Float(bits.rowCount($0)) }),
      Matrix(rows: bits.columns, columns: 1, storage: bits.columnCounts().map(Float.init))
    )
  }

  /// The mean of the weights 1 + α·y over all cells, those that are missing counted as 0.
  public func meanWeight(gain: Float) -> Float {
    guard rows > 0, columns > 0 else { return 0 }
    let ones = Matrix(rows: columns, columns: 1, repeating: 1)
    let none = Matrix(rows: rows, columns: 0)
    let answers = SquaredResiduals(self, rows: none, columns: Matrix(rows: columns, columns: 0)).times(ones)
    let sum = answers.storage.reduce(0.0) { $0 + Double($1) }
    return Float((Double(observedCount) + Double(gain) * sum) / (Double(rows) * Double(columns)))
  }
}

extension GradedCells {
  /// The values of some rows as numbers, one row for each index; missing ones are NaN.
  public func dense(rows indices: some Collection<Int>) -> Matrix {
    var result = Matrix(rows: indices.count, columns: columns)
    result.storage.withUnsafeMutableBufferPointer { cells in
      guard var place = cells.baseAddress else { return }
      withBuffers { buffers in
        GradedCellBuffers.spread.withUnsafeBufferPointer { table in
          guard let spread = table.baseAddress else { return }
          for row in indices {
            precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
            for start in stride(from: 0, to: columns, by: 8) {
              let count = min(8, columns - start)
              var values = buffers.values(row: row, column: start, count: count, spread: spread)
              if buffers.observed != nil {
                let seen = buffers.seen(row: row, column: start, count: count, spread: spread)
                values.replace(with: .nan, where: seen .== 0)
              }
              VectorMath.store(values, place, count: count)
              place += count
            }
          }
        }
      }
    }
    return result
  }
}

/// The raw storage of graded cells, for the inner loops.
struct GradedCellBuffers: @unchecked Sendable {
  let bits: UnsafePointer<UInt8>?
  let floats: UnsafePointer<Float>?
  let observed: UnsafePointer<UInt8>?
  let columns: Int
  let bytesPerRow: Int

  /// Bytes spread to eight numbers 0 or 1, highest bit first.
  static let spread: [SIMD8<Float>] = (0..<256).map { byte in
    var lanes = SIMD8<Float>(repeating: 0)
    for lane in 0..<8 where byte & (0x80 >> lane) != 0 { lanes[lane] = 1 }
    return lanes
  }

  /// The values of `count` (at most 8) cells of a row from a column on that is a multiple of 8; the rest are 0.
  @inline(__always)
  func values(
    row: Int, column: Int, count: Int, spread: UnsafePointer<SIMD8<Float>>
  ) -> SIMD8<Float> {
    if let bits { return spread[Int(bits[row * bytesPerRow + column >> 3])] }
    var result = SIMD8<Float>(repeating: 0)
    guard let floats else { return result }
    let source = floats + row * columns + column
    if count == 8 { return UnsafeRawPointer(source).loadUnaligned(as: SIMD8<Float>.self) }
    for lane in 0..<count { result[lane] = source[lane] }
    return result
  }

  /// 1 for each of those cells that is observed, else 0.
  @inline(__always)
  func seen(row: Int, column: Int, count: Int, spread: UnsafePointer<SIMD8<Float>>) -> SIMD8<Float> {
    let mask = observed.map { $0[row * bytesPerRow + column >> 3] } ?? 0xFF
    return spread[Int(mask & UInt8(truncatingIfNeeded: 0xFF00 >> count))]
  }
}

extension GradedCells {
  func withBuffers<Result>(_ body: (GradedCellBuffers) -> Result) -> Result {
    let bytesPerRow = (columns + 7) / 8
    func withMask(bits: UnsafePointer<UInt8>?, floats: UnsafePointer<Float>?) -> Result {
      guard let observed else {
        return body(
          GradedCellBuffers(
            bits: bits, floats: floats, observed: nil, columns: columns, bytesPerRow: bytesPerRow))
      }
      return observed.bytes.withUnsafeBufferPointer {
        body(
          GradedCellBuffers(
            bits: bits, floats: floats, observed: $0.baseAddress, columns: columns, bytesPerRow: bytesPerRow))
      }
    }
    switch values {
    case .bits(let matrix):
      return matrix.bytes.withUnsafeBufferPointer { withMask(bits: $0.baseAddress, floats: nil) }
    case .floats(let matrix):
      return matrix.storage.withUnsafeBufferPointer { withMask(bits: nil, floats: $0.baseAddress) }
    }
  }
}
