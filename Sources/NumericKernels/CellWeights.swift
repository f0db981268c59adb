/// What weighted cells add up to.
extension GradedCells {
  /// The sum of the weights of the observed cells; without weights their number.
  ///
  /// Cost a pass over the weights.
  public var weightSum: Double {
    guard weights != nil else { return Double(observedCount) }
    var sum = 0.0
    forEachWeight { sum += Double($2) }
    return sum
  }

  /// The largest weight of an observed cell; 1 without weights, 0 where none is observed.
  public var largestWeight: Float {
    guard let largest = largestWeights() else { return 1 }
    return largest.rows.max() ?? 0
  }

  /// The largest weight of an observed cell of each row and of each column, 0 where none is; nil without weights.
  ///
  /// Cost a pass over the weights.
  public func largestWeights() -> (rows: [Float], columns: [Float])? {
    guard weights != nil else { return nil }
    var largest = (
      rows: [Float](repeating: 0, count: rows), columns: [Float](repeating: 0, count: columns)
    )
    forEachWeight { row, column, weight in
      largest.rows[row] = max(largest.rows[row], weight)
      largest.columns[column] = max(largest.columns[column], weight)
    }
    return largest
  }

  /// The same cells, those of weight 0 missing.
  ///
  /// Cost a pass over the weights.
  public var withoutZeroWeights: GradedCells {
    guard let weights else { return self }
    var seen = observed ?? BitMatrix(rows: rows, columns: columns, repeating: true)
    for row in 0..<rows {
      for (column, weight) in weights.row(row).enumerated() where seen[row, column] && weight == 0 {
        seen[row, column] = false
      }
    }
    let hasGaps = seen.count < rows * columns
    var known = values
    // Bits of missing cells are 0, so that a count of ones needs no mask.
    if hasGaps, case .bits(let bits) = values { known = .bits(bits.intersection(seen)) }
    return GradedCells(known, observed: hasGaps ? seen : nil, weights: weights)
  }

  /// The same cells with all weights times a factor, at least 0; without weights where all are 1 then.
  ///
  /// Cost two passes over the weights.
  public func scalingWeights(by factor: Double) -> GradedCells {
    guard let weights else { return self }
    var scaled = weights
    var isOne = true
    for row in 0..<rows {
      // Missing cells' weights may be anything.
      scaled.replaceRow(
        row,
        with: weights.row(row).enumerated().map { column, weight in
          guard observed?[row, column] ?? true else { return 0 }
          let own = Float(Double(weight) * factor)
          if own != 1 { isOne = false }
          return own
        })
    }
    return GradedCells(values, observed: observed, weights: isOne ? nil : scaled)
  }

  /// The weights of some rows, one row for each index, 0 where a cell is missing; nil without weights.
  public func weights(rows indices: some Collection<Int>) -> Matrix? {
    guard let weights else { return nil }
    var result = weights.selecting(rows: Array(indices))
    guard let observed else { return result }
    for (place, row) in indices.enumerated() {
      for column in 0..<columns where !observed[row, column] { result[place, column] = 0 }
    }
    return result
  }

  /// The weight that every cell has; nil where cells are missing or weights differ.
  public var sharedWeight: Float? {
    guard observed == nil else { return nil }
    guard let weights else { return 1 }
    guard let first = weights.storage.first else { return 1 }
    return weights.storage.allSatisfy { $0 == first } ? first : nil
  }

  private func forEachWeight(_ body: (_ row: Int, _ column: Int, _ weight: Float) -> Void) {
    withBuffers { buffers in
      for row in 0..<rows {
        for column in 0..<columns { body(row, column, buffers.weight(row: row, column: column)) }
      }
    }
  }

  /// The weighted sum of the responses of each row, n × 2 with the sum of their weights beside it, and the same of
  /// each column, m × 2.
  ///
  /// Cost a count of bits, or a few passes over numbers.
  public func sums() -> (rows: Matrix, columns: Matrix) {
    let ones = (
      rows: Matrix(rows: rows, columns: 1, repeating: 1),
      columns: Matrix(rows: columns, columns: 1, repeating: 1)
    )
    var counts = (ones.rows.scaled(by: Float(columns)), ones.columns.scaled(by: Float(rows)))
    if weights != nil {
      let cells = SquaredResiduals(self, rows: ones.rows, columns: ones.columns)
      counts = (cells.curvatureTimes(ones.columns), cells.transposedCurvatureTimes(ones.rows))
    } else if let observed {
      counts = Self.counts(observed)
    }
    let sums: (Matrix, Matrix)
    if case .bits(let bits) = values, weights == nil {
      sums = Self.counts(observed.map(bits.intersection) ?? bits)
    } else {
      let cells = SquaredResiduals(
        self, rows: Matrix(rows: rows, columns: 0), columns: Matrix(rows: columns, columns: 0))
      sums = (cells.times(ones.columns), cells.transposedTimes(ones.rows))
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

  /// The mean of w·(1 + α·y) over all cells, those that are missing counted as 0.
  public func meanWeight(gain: Float) -> Float {
    guard rows > 0, columns > 0 else { return 0 }
    let ones = Matrix(rows: columns, columns: 1, repeating: 1)
    let none = Matrix(rows: rows, columns: 0)
    let answers = SquaredResiduals(self, rows: none, columns: Matrix(rows: columns, columns: 0)).times(ones)
    let sum = answers.storage.reduce(0.0) { $0 + Double($1) }
    return Float((weightSum + Double(gain) * sum) / (Double(rows) * Double(columns)))
  }
}
