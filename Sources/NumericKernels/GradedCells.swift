/// The graded cells that a model explains: n × m values in [0, 1], some perhaps missing, each with its weight.
///
/// A cell of weight w counts as w cells: its loss, its residual and its curvature are multiplied by w. A cell of
/// weight 0 counts as little as a missing one. Without weights all observed cells weigh 1.
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
  /// How much each cell counts, n × m numbers, finite and at least 0, those of missing cells ignored; nil means 1.
  public let weights: Matrix?
  /// The number of rows, n.
  public let rows: Int
  /// The number of columns, m.
  public let columns: Int

  /// Cells from their values, and the mask and the weights of the same shape.
  ///
  /// Weights from outside are checked before, see `firstUnusableWeight`. Cost a pass over the weights.
  public init(_ values: Values, observed: BitMatrix? = nil, weights: Matrix? = nil) {
    self.init(checked: values, observed: observed, weights: weights)
    if let weights {
      precondition(
        Self.firstUnusableWeight(weights, observed: observed) == nil, "a weight that is no number from 0 on")
    }
  }

  /// Cells whose weights are those of other cells.
  private init(checked values: Values, observed: BitMatrix?, weights: Matrix?) {
    self.values = values
    self.observed = observed
    self.weights = weights
    switch values {
    case .bits(let bits): (rows, columns) = (bits.rows, bits.columns)
    case .floats(let matrix): (rows, columns) = (matrix.rows, matrix.columns)
    }
    if let observed {
      precondition(observed.rows == rows && observed.columns == columns, "mask and values differ in shape")
    }
    if let weights {
      precondition(weights.rows == rows && weights.columns == columns, "weights and values differ in shape")
    }
  }

  /// The first observed cell whose weight is negative or not finite; nil where all can be used.
  public static func firstUnusableWeight(
    _ weights: Matrix, observed: BitMatrix?
  ) -> (row: Int, column: Int)? {
    for row in 0..<weights.rows {
      for (column, weight) in weights.row(row).enumerated() where !(weight >= 0 && weight < .infinity) {
        if observed?[row, column] ?? true { return (row, column) }
      }
    }
    return nil
  }

  /// The number of observed cells, whatever they weigh.
  public var observedCount: Int { observed?.count ?? rows * columns }

  /// The same cells with rows and columns exchanged, copied.
  public var transposed: GradedCells { mapped(bits: \.transposed, floats: \.transposed) }

  /// The rows with the given indices, in that order, copied.
  public func selecting(rows indices: [Int]) -> GradedCells {
    mapped(bits: { $0.selecting(rows: indices) }, floats: { $0.selecting(rows: indices) })
  }

  /// The columns with the given indices, in that order, copied.
  public func selecting(columns indices: [Int]) -> GradedCells {
    mapped(bits: { $0.selecting(columns: indices) }, floats: { $0.selecting(columns: indices) })
  }

  /// The cells after the same move of their values, their mask and their weights.
  private func mapped(
    bits moveBits: (BitMatrix) -> BitMatrix, floats moveFloats: (Matrix) -> Matrix
  ) -> GradedCells {
    let moved: Values
    switch values {
    case .bits(let bits): moved = .bits(moveBits(bits))
    case .floats(let matrix): moved = .floats(moveFloats(matrix))
    }
    return GradedCells(checked: moved, observed: observed.map(moveBits), weights: weights.map(moveFloats))
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
