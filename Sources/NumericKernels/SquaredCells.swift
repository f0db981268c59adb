import CVectorKernels

/// The elementwise step of weighted least squares: residuals w·(1 + α·y)·(y − z).
///
/// The loss of a cell is half the residual times (y − z).
struct SquaredCells: CellFunction {
  /// α, 0 where all grades count the same.
  let gain: Float

  func apply(
    _ z: UnsafeMutablePointer<Float>, cells: GradedCellBuffers, row: Int, columns: Range<Int>, loss: Bool
  ) -> Double {
    cells.change(z, row: row, columns: columns, ROUTEREC_SQUARED_RESIDUAL, gain: gain, loss: loss)
  }
}

/// w·(1 + α·y)·z: the curvature of weighted least squares, applied to a direction.
struct WeightedCells: CellFunction {
  /// α, 0 where all grades count the same.
  let gain: Float

  func apply(
    _ z: UnsafeMutablePointer<Float>, cells: GradedCellBuffers, row: Int, columns: Range<Int>, loss: Bool
  ) -> Double {
    cells.change(z, row: row, columns: columns, ROUTEREC_WEIGHTED, gain: gain, loss: loss)
  }
}
