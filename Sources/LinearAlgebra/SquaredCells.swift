/// The elementwise step of weighted least squares: residuals w·(y − z), weights w = 1 + α·y.
///
/// The loss of a cell is ½·w·(y − z)².
struct SquaredCells: CellFunction {
  /// α, 0 for equal weights.
  let gain: Float

  @inline(__always)
  func apply(
    _ z: UnsafeMutablePointer<Float>, target: LogisticTargetBuffers, row: Int, columns: Range<Int>,
    spread: UnsafePointer<SIMD8<Float>>, loss: Bool
  ) -> Double {
    var sum = SIMD8<Float>(repeating: 0)
    for start in stride(from: 0, to: columns.count, by: 8) {
      let cells = UnsafeMutableRawPointer(z + start)
      let value = cells.loadUnaligned(as: SIMD8<Float>.self)
      let count = min(columns.count - start, 8)
      let y = target.values(row: row, column: columns.lowerBound + start, count: count, spread: spread)
      var difference = y - value
      var residual = difference * (1 + gain * y)
      if target.observed != nil || count < 8 {
        let missing =
          target.seen(row: row, column: columns.lowerBound + start, count: count, spread: spread) .== 0
        difference.replace(with: 0, where: missing)
        residual.replace(with: 0, where: missing)
      }
      cells.storeBytes(of: residual, as: SIMD8<Float>.self)
      if loss { sum += residual * difference }
    }
    return loss ? 0.5 * Double(sum.sum()) : 0
  }
}

/// w·z: the curvature of weighted least squares, applied to a direction.
struct WeightedCells: CellFunction {
  /// α, 0 for equal weights.
  let gain: Float

  @inline(__always)
  func apply(
    _ z: UnsafeMutablePointer<Float>, target: LogisticTargetBuffers, row: Int, columns: Range<Int>,
    spread: UnsafePointer<SIMD8<Float>>, loss: Bool
  ) -> Double {
    for start in stride(from: 0, to: columns.count, by: 8) {
      let cells = UnsafeMutableRawPointer(z + start)
      var value = cells.loadUnaligned(as: SIMD8<Float>.self)
      let count = min(columns.count - start, 8)
      let y = target.values(row: row, column: columns.lowerBound + start, count: count, spread: spread)
      value *= 1 + gain * y
      if target.observed != nil || count < 8 {
        let missing =
          target.seen(row: row, column: columns.lowerBound + start, count: count, spread: spread) .== 0
        value.replace(with: 0, where: missing)
      }
      cells.storeBytes(of: value, as: SIMD8<Float>.self)
    }
    return 0
  }
}
