/// The weighted Gram matrices of the rows of a target, Aᵢ = Σⱼ wᵢⱼ bⱼ bⱼᵀ, from one shared Gram matrix.
///
/// Weights are 1 + α·y, those of missing cells 0. A row starts from 0, 1 or 1 + α times the shared BᵀB,
/// whichever leaves fewest cells whose weight deviates, and those are added or taken away one by one: the Gram
/// trick of Hu, Koren and Volinsky 2008 for dense rows, and a plain sum for sparse ones.
public struct RowGrams: Sendable {
  /// The cells that are gathered before a product is made of them.
  private static let gathered = 256

  /// The graded cells Y, n × m.
  public let target: GradedCells
  /// The factors B, m × p.
  public let factors: Matrix
  /// BᵀB, p × p.
  public let shared: Matrix
  /// α ≥ 0.
  public let gain: Float

  /// The Gram matrices for given factors; `shared` must be their Gram matrix.
  public init(_ target: GradedCells, factors: Matrix, shared: Matrix, gain: Float) {
    precondition(factors.rows == target.columns && shared.columns == factors.columns)
    self.target = target
    self.factors = factors
    self.shared = shared
    self.gain = gain
  }

  /// The cells of each row whose weight deviates from that of the row's base.
  ///
  /// Cost one pass over the cells.
  public static func deviatingCounts(_ target: GradedCells, gain: Float) -> [Int] {
    target.withBuffers { cells in
      let source = UncheckedSendable(cells)
      return Parallel.map(target.rows) { row in Self.base(of: row, source.value, gain: gain).deviating }
    }
  }

  /// Adds Aᵢ to a p × p matrix, of which only the lower triangle means something; cost 2·p² operations for each
  /// deviating cell.
  public func add(row: Int, to matrix: inout Matrix) {
    precondition(row >= 0 && row < target.rows && matrix.rows == shared.rows)
    let p = factors.columns
    target.withBuffers { cells in
      let base = Self.base(of: row, cells, gain: gain)
      if base.weight != 0 {
        for index in matrix.storage.indices { matrix.storage[index] += base.weight * shared.storage[index] }
      }
      guard base.deviating > 0, p > 0 else { return }
      var plain = [Float](repeating: 0, count: min(base.deviating, Self.gathered) * p)
      var weighted = plain
      var count = 0
      factors.storage.withUnsafeBufferPointer { source in
        for byte in 0..<cells.bytesPerRow {
          var places = Self.deviating(byte, row, cells, from: base.weight, gain: gain)
          while places != 0 {
            let column = 8 * byte + places.leadingZeroBitCount
            places &= ~(0x80 >> UInt8(places.leadingZeroBitCount))
            let excess = Self.weight(of: column, row, cells, gain: gain) - base.weight
            // Of graded cells it is not known before.
            guard excess != 0 else { continue }
            for index in 0..<p {
              let value = source[column * p + index]
              plain[count * p + index] = value
              weighted[count * p + index] = excess * value
            }
            count += 1
            if count == Self.gathered {
              Self.flush(plain, weighted, count: count, p: p, into: &matrix)
              count = 0
            }
          }
        }
      }
      if count > 0 { Self.flush(plain, weighted, count: count, p: p, into: &matrix) }
    }
  }

  private static func flush(
    _ plain: [Float], _ weighted: [Float], count: Int, p: Int, into matrix: inout Matrix
  ) {
    plain.withUnsafeBufferPointer { plain in
      weighted.withUnsafeBufferPointer { weighted in
        matrix.storage.withUnsafeMutableBufferPointer { sum in
          guard let left = plain.baseAddress, let right = weighted.baseAddress else { return }
          BLAS.gemm(
            .transposed, .asStored, m: p, n: p, k: count, scale: 1, a: left, aStride: p, b: right, bStride: p,
            c: sum.baseAddress, cStride: p, keep: 1)
        }
      }
    }
  }

  @inline(__always)
  private static func weight(of column: Int, _ row: Int, _ cells: GradedCellBuffers, gain: Float) -> Float {
    let byte = row * cells.bytesPerRow + column >> 3
    let bit: UInt8 = 0x80 >> UInt8(truncatingIfNeeded: column & 7)
    if let observed = cells.observed, observed[byte] & bit == 0 { return 0 }
    guard gain != 0 else { return 1 }
    if let bits = cells.bits { return bits[byte] & bit == 0 ? 1 : 1 + gain }
    guard let floats = cells.floats else { return 1 }
    return 1 + gain * floats[row * cells.columns + column]
  }

  /// Which of eight cells may have another weight than a base, the first in the highest bit.
  @inline(__always)
  private static func deviating(
    _ byte: Int, _ row: Int, _ cells: GradedCellBuffers, from base: Float, gain: Float
  ) -> UInt8 {
    let index = row * cells.bytesPerRow + byte
    let seen = cells.observed.map { $0[index] } ?? 0xFF
    let inside = UInt8(truncatingIfNeeded: 0xFF00 >> min(cells.columns - 8 * byte, 8))
    if base == 0 { return seen & inside }
    if gain == 0 { return ~seen & inside }
    guard let bits = cells.bits else { return inside }
    return base == 1 ? (~seen | bits[index]) & inside : ~(seen & bits[index]) & inside
  }

  /// The best base for a row and the cells that deviate from it.
  private static func base(
    of row: Int, _ cells: GradedCellBuffers, gain: Float
  ) -> (weight: Float, deviating: Int) {
    var (observed, ones, zeros) = (0, 0, 0)
    if cells.floats == nil || gain == 0 {
      for index in row * cells.bytesPerRow..<(row + 1) * cells.bytesPerRow {
        let mask = cells.observed.map { $0[index] } ?? 0xFF
        observed += mask.nonzeroBitCount
        if let bits = cells.bits { ones += (bits[index] & mask).nonzeroBitCount }
      }
      // The padding of a row counts as observed where there is no mask.
      observed = min(observed, cells.columns)
      zeros = observed - ones
    } else {
      for column in 0..<cells.columns {
        let weight = weight(of: column, row, cells, gain: gain)
        if weight != 0 { observed += 1 }
        if weight == 1 { zeros += 1 }
        if weight == 1 + gain { ones += 1 }
      }
    }
    var best: (weight: Float, deviating: Int) = (0, observed)
    let atOne = gain == 0 ? cells.columns - observed : cells.columns - zeros
    if atOne < best.deviating { best = (1, atOne) }
    if gain != 0, cells.columns - ones < best.deviating { best = (1 + gain, cells.columns - ones) }
    return best
  }
}
