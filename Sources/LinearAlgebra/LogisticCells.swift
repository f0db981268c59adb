#if canImport(Glibc)
  import Glibc
#endif

/// The elementwise step of logistic models: residuals y − σ(z) and the negative log-likelihood.
enum LogisticCells {
  /// The columns that one call handles at most: products of so many factors 1 + e⁻ᵃ ≤ 2 per lane
  /// (`chunk / 8` of them) stay inside a Float's range, which leaves one logarithm for each chunk.
  static let chunk = 512

  /// Bytes spread to eight numbers 0 or 1, highest bit first.
  static let spread: [SIMD8<Float>] = (0..<256).map { byte in
    var lanes = SIMD8<Float>(repeating: 0)
    for lane in 0..<8 where byte & (0x80 >> lane) != 0 { lanes[lane] = 1 }
    return lanes
  }

  /// Replaces z by y − σ(z) for up to `chunk` cells of a row; missing cells become 0.
  ///
  /// `z` has room for whole groups of eight. With `loss`, returns −Σ log p(y) over the observed cells,
  /// where −log p(y) = max(z, 0) − y·z + log(1 + e^−|z|).
  @inline(__always)
  static func apply(
    _ z: UnsafeMutablePointer<Float>, target: LogisticTargetBuffers, row: Int, columns: Range<Int>,
    spread: UnsafePointer<SIMD8<Float>>, loss: Bool
  ) -> Double {
    let firstByte = row * target.bytesPerRow + columns.lowerBound >> 3
    let whole = columns.count >> 3
    let rest = columns.count & 7
    var linear = SIMD8<Float>(repeating: 0)
    var product = SIMD8<Float>(repeating: 1)
    for group in 0..<(rest == 0 ? whole : whole + 1) {
      let cells = UnsafeMutableRawPointer(z + group * 8)
      let value = cells.loadUnaligned(as: SIMD8<Float>.self)
      var y: SIMD8<Float>
      if let bits = target.bits {
        y = spread[Int(bits[firstByte + group])]
      } else if let floats = target.floats {
        let source = floats + row * target.columns + columns.lowerBound + group * 8
        if group < whole {
          y = UnsafeRawPointer(source).loadUnaligned(as: SIMD8<Float>.self)
        } else {
          y = SIMD8(repeating: 0)
          for lane in 0..<rest { y[lane] = source[lane] }
        }
      } else {
        y = SIMD8(repeating: 0)
      }
      let magnitude = value.replacing(with: -value, where: value .< 0)
      let small = VectorMath.expNegative(magnitude)
      let sum = small + 1
      let larger = 1 / sum
      let positive = value .>= 0
      let probability = (small * larger).replacing(with: larger, where: positive)
      var residual = y - probability
      var linearTerm = SIMD8<Float>(repeating: 0).replacing(with: value, where: positive) - y * value
      var factor = sum
      if target.observed != nil || group == whole {
        var mask = target.observed.map { $0[firstByte + group] } ?? 0xFF
        if group == whole { mask &= UInt8(truncatingIfNeeded: 0xFF00 >> rest) }
        let seen = spread[Int(mask)]
        let missing = seen .== 0
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

  /// Replaces z by the curvature σ(z)(1 − σ(z)) for some cells of a row; missing cells become 0.
  ///
  /// `z` has room for whole groups of eight.
  @inline(__always)
  static func replaceWithCurvature(
    _ z: UnsafeMutablePointer<Float>, target: LogisticTargetBuffers, row: Int, columns: Range<Int>,
    spread: UnsafePointer<SIMD8<Float>>
  ) {
    let firstByte = row * target.bytesPerRow + columns.lowerBound >> 3
    for group in 0..<(columns.count + 7) >> 3 {
      let cells = UnsafeMutableRawPointer(z + group * 8)
      let value = cells.loadUnaligned(as: SIMD8<Float>.self)
      let small = VectorMath.expNegative(value.replacing(with: -value, where: value .< 0))
      let sum = small + 1
      var curvature = small / (sum * sum)
      if let observed = target.observed { curvature *= spread[Int(observed[firstByte + group])] }
      cells.storeBytes(of: curvature, as: SIMD8<Float>.self)
    }
  }
}
