import Foundation

/// One small symmetric positive definite system in double precision, whose memory serves one after the other.
///
/// Triangles are stored as `PackedSymmetric` says.
public struct SmallCholesky {
  /// The number of unknowns, p.
  public let order: Int
  /// A, and after `decompose` L: a lower triangle, row after row.
  public var factor: [Double]
  /// g, and after `solve` x.
  public var vector: [Double]
  /// After `invert` the lower triangle of A⁻¹.
  public var inverse: [Double]

  /// Room for systems of an order.
  public init(order: Int) {
    self.order = order
    factor = Array(repeating: 0, count: PackedSymmetric.count(order: order))
    vector = Array(repeating: 0, count: order)
    inverse = factor
  }

  /// A = L·Lᵀ; false where A is not positive definite.
  ///
  /// Cost p³/6 multiplications.
  public mutating func decompose() -> Bool {
    for i in 0..<order {
      let row = i * (i + 1) / 2
      for j in 0...i {
        let other = j * (j + 1) / 2
        var sum = factor[row + j]
        for k in 0..<j { sum -= factor[row + k] * factor[other + k] }
        if i == j {
          guard sum > 0, sum < .infinity else { return false }
          factor[row + i] = sum.squareRoot()
        } else {
          factor[row + j] = sum / factor[other + j]
        }
      }
    }
    return true
  }

  /// x = A⁻¹·g.
  public mutating func solve() {
    for i in 0..<order {
      let row = i * (i + 1) / 2
      var sum = vector[i]
      for k in 0..<i { sum -= factor[row + k] * vector[k] }
      vector[i] = sum / factor[row + i]
    }
    for i in (0..<order).reversed() {
      var sum = vector[i]
      for k in i + 1..<max(order, i + 1) { sum -= factor[k * (k + 1) / 2 + i] * vector[k] }
      vector[i] = sum / factor[i * (i + 1) / 2 + i]
    }
  }

  /// A⁻¹, a column of the identity after the other; the vector is kept.
  public mutating func invert() {
    let kept = vector
    for j in 0..<order {
      for i in 0..<order { vector[i] = i == j ? 1 : 0 }
      solve()
      for i in j..<order { inverse[i * (i + 1) / 2 + j] = vector[i] }
    }
    vector = kept
  }

  /// log det A, after `decompose`.
  public var logDeterminant: Double {
    (0..<order).reduce(0) { $0 + 2 * log(factor[$1 * ($1 + 1) / 2 + $1]) }
  }
}
