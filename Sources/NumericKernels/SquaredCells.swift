import CVectorKernels

/// The elementwise step of weighted least squares: residuals w·(y − z), weights w = 1 + α·y.
///
/// The loss of a cell is ½·w·(y − z)².
struct SquaredCells: CellFunction {
  /// α, 0 for equal weights.
  let gain: Float

  func apply(
    _ z: UnsafeMutablePointer<Float>, cells: GradedCellBuffers, row: Int, columns: Range<Int>, loss: Bool
  ) -> Double {
    cells.change(z, row: row, columns: columns, ROUTEREC_SQUARED_RESIDUAL, gain: gain, loss: loss)
  }
}

/// w·z: the curvature of weighted least squares, applied to a direction.
struct WeightedCells: CellFunction {
  /// α, 0 for equal weights.
  let gain: Float

  func apply(
    _ z: UnsafeMutablePointer<Float>, cells: GradedCellBuffers, row: Int, columns: Range<Int>, loss: Bool
  ) -> Double {
    cells.change(z, row: row, columns: columns, ROUTEREC_WEIGHTED, gain: gain, loss: loss)
  }
}
