import CVectorKernels

/// The elementwise step of logistic models: residuals y − σ(z) and the negative log-likelihood.
///
/// The loss of a cell is −log p(y) = max(z, 0) − y·z + log(1 + e^−|z|), times its weight, and so is its residual.
struct LogisticCells: CellFunction {
  func apply(
    _ z: UnsafeMutablePointer<Float>, cells: GradedCellBuffers, row: Int, columns: Range<Int>, loss: Bool
  ) -> Double {
    cells.change(z, row: row, columns: columns, ROUTEREC_LOGISTIC_RESIDUAL, loss: loss)
  }
}

/// The same where z counts as at least −bound and at most bound.
struct BoundedLogisticCells: CellFunction {
  let bound: Float

  func apply(
    _ z: UnsafeMutablePointer<Float>, cells: GradedCellBuffers, row: Int, columns: Range<Int>, loss: Bool
  ) -> Double {
    // A NaN stays one: it must not pass for a prediction.
    for place in 0..<columns.count {
      z[place] = z[place] > bound ? bound : z[place] < -bound ? -bound : z[place]
    }
    return LogisticCells().apply(z, cells: cells, row: row, columns: columns, loss: loss)
  }
}

/// The curvature w·σ(z)(1 − σ(z)) of logistic models.
struct LogisticCurvatureCells: CellFunction {
  func apply(
    _ z: UnsafeMutablePointer<Float>, cells: GradedCellBuffers, row: Int, columns: Range<Int>, loss: Bool
  ) -> Double {
    cells.change(z, row: row, columns: columns, ROUTEREC_LOGISTIC_CURVATURE, loss: loss)
  }
}

extension GradedCellBuffers {
  private static let processor = routerec_this_processor()

  /// Replaces z by a function of it for some cells of a row, of which the first stands on a byte; returns their loss.
  func change(
    _ z: UnsafeMutablePointer<Float>, row: Int, columns range: Range<Int>,
    _ function: routerec_cell_function, gain: Float = 0, loss: Bool
  ) -> Double {
    let byte = row * bytesPerRow + range.lowerBound >> 3
    return routerec_change_cells(
      Self.processor, function, gain, z, bits.map { $0 + byte },
      floats.map { $0 + row * columns + range.lowerBound },
      observed.map { $0 + byte }, weights.map { $0 + row * columns + range.lowerBound }, Int32(range.count),
      loss ? 1 : 0)
  }
}
