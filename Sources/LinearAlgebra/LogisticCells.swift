#if canImport(Glibc)
  import Glibc
#endif

/// The elementwise step of logistic models: residuals y − σ(z) and the negative log-likelihood.
///
/// The loss of a cell is −log p(y) = max(z, 0) − y·z + log(1 + e^−|z|). Products of as many factors
/// 1 + e⁻ᵃ ≤ 2 per lane as a row of a block has (`CellBlock.columns / 8`) stay inside a Float's range, which leaves
/// one logarithm for each row of a block.
struct LogisticCells: CellFunction {
  @inline(__always)
  func apply(
    _ z: UnsafeMutablePointer<Float>, target: LogisticTargetBuffers, row: Int, columns: Range<Int>,
    spread: UnsafePointer<SIMD8<Float>>, loss: Bool
  ) -> Double {
    var linear = SIMD8<Float>(repeating: 0)
    var product = SIMD8<Float>(repeating: 1)
    for start in stride(from: 0, to: columns.count, by: 8) {
      let cells = UnsafeMutableRawPointer(z + start)
      let value = cells.loadUnaligned(as: SIMD8<Float>.self)
      let count = min(columns.count - start, 8)
      let y = target.values(row: row, column: columns.lowerBound + start, count: count, spread: spread)
      let magnitude = value.replacing(with: -value, where: value .< 0)
      let small = VectorMath.expNegative(magnitude)
      let sum = small + 1
      let larger = 1 / sum
      let positive = value .>= 0
      let probability = (small * larger).replacing(with: larger, where: positive)
      var residual = y - probability
      var linearTerm = SIMD8<Float>(repeating: 0).replacing(with: value, where: positive) - y * value
      var factor = sum
      if target.observed != nil || count < 8 {
        let missing =
          target.seen(row: row, column: columns.lowerBound + start, count: count, spread: spread) .== 0
        residual.replace(with: 0, where: missing)
        linearTerm.replace(with: 0, where: missing)
        factor.replace(with: 1, where: missing)
      }
      cells.storeBytes(of: residual, as: SIMD8<Float>.self)
      if loss {
        linear += linearTerm
        product *= factor
      }
    }
    guard loss else { return 0 }
    var logarithm = 1.0
    for lane in 0..<8 { logarithm *= Double(product[lane]) }
    return Double(linear.sum()) + log(logarithm)
  }
}

/// The curvature σ(z)(1 − σ(z)) of logistic models.
struct LogisticCurvatureCells: CellFunction {
  @inline(__always)
  func apply(
    _ z: UnsafeMutablePointer<Float>, target: LogisticTargetBuffers, row: Int, columns: Range<Int>,
    spread: UnsafePointer<SIMD8<Float>>, loss: Bool
  ) -> Double {
    for start in stride(from: 0, to: columns.count, by: 8) {
      let cells = UnsafeMutableRawPointer(z + start)
      let value = cells.loadUnaligned(as: SIMD8<Float>.self)
      let small = VectorMath.expNegative(value.replacing(with: -value, where: value .< 0))
      let sum = small + 1
      var curvature = small / (sum * sum)
      if target.observed != nil {
        let count = min(columns.count - start, 8)
        curvature *= target.seen(row: row, column: columns.lowerBound + start, count: count, spread: spread)
      }
      cells.storeBytes(of: curvature, as: SIMD8<Float>.self)
    }
    return 0
  }
}
