import NumericKernels

/// Layer normalization y = g·x̂ + s of rows of mean 0 and variance 1, or what has its shape: a gradient.
package struct NormalizationLayer: Equatable, Sendable {
  /// g, one for each unit.
  package var gains: [Float]
  /// s, one for each unit.
  package var shifts: [Float]

  /// The layer that changes nothing but mean and variance.
  package init(units: Int) {
    gains = Array(repeating: 1, count: units)
    shifts = Array(repeating: 0, count: units)
  }

  /// A layer from its parts.
  package init(gains: [Float], shifts: [Float]) {
    precondition(gains.count == shifts.count, "\(gains.count) gains, \(shifts.count) shifts")
    self.gains = gains
    self.shifts = shifts
  }

  /// What the backward pass needs of a forward pass.
  package struct Trace {
    /// The rows x̂, n × units.
    package let normalized: Matrix
    /// 1 / √(variance + ε) of each row.
    package let factors: [Float]
  }

  /// Normalizes n rows in place.
  package func apply(_ rows: inout Matrix) -> Trace {
    let factors = RowNormalization.apply(&rows)
    let trace = Trace(normalized: rows, factors: factors)
    for row in 0..<rows.rows {
      for unit in gains.indices {
        rows[row, unit] = rows[row, unit] * gains[unit] + shifts[unit]
      }
    }
    return trace
  }

  /// Turns the gradient with respect to n outputs into that with respect to the inputs; returns that of g and s.
  package func backpropagate(_ gradient: inout Matrix, _ trace: Trace) -> NormalizationLayer {
    var result = NormalizationLayer(units: gains.count)
    result.gains = Array(repeating: 0, count: gains.count)
    for row in 0..<gradient.rows {
      for unit in gains.indices {
        let delta = gradient[row, unit]
        result.gains[unit] += delta * trace.normalized[row, unit]
        result.shifts[unit] += delta
        gradient[row, unit] = delta * gains[unit]
      }
    }
    RowNormalization.backpropagate(&gradient, normalized: trace.normalized, factors: trace.factors)
    return result
  }
}
