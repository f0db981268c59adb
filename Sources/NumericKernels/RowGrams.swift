/// The weighted Gram matrices of the rows of graded cells, Aᵢ = Σⱼ wᵢⱼ bⱼ bⱼᵀ, from one shared Gram matrix.
///
/// A cell counts u·(1 + α·y), where u is its own weight, 1 where the cells have none; a missing one counts 0. A row
/// starts from 0, u or u·(1 + α) times the shared BᵀB, u being the weight of its first cell that has one, whichever
/// leaves fewest cells that deviate, and those are added or taken away one by one: the Gram trick of Hu, Koren and
/// Volinsky 2008 for dense rows, and a plain sum for sparse ones.
public struct RowGrams: Sendable {
  /// The cells that are gathered before a product is made of them.
  private static let gathered = 256

  /// The graded cells Y, n × m.
  public let cells: GradedCells
  /// The factors B, m × p.
  public let factors: Matrix
  /// BᵀB, p × p.
  public let shared: Matrix
  /// α ≥ 0.
  public let gain: Float

  /// The Gram matrices for given factors; `shared` must be their Gram matrix.
  public init(_ cells: GradedCells, factors: Matrix, shared: Matrix, gain: Float) {
    precondition(factors.rows == cells.columns && shared.columns == factors.columns)
    self.cells = cells
    self.factors = factors
    self.shared = shared
    self.gain = gain
  }

  /// The cells of each row whose weight deviates from that of the row's base.
  ///
  /// Cost one pass over the cells.
  public static func deviatingCounts(_ cells: GradedCells, gain: Float) -> [Int] {
    cells.withBuffers { buffers in
      let source = UncheckedSendable(buffers)
      return Parallel.map(cells.rows) { row in Self.base(of: row, source.value, gain: gain).deviating }
    }
  }

  /// Adds Aᵢ to a p × p matrix, of which only the lower triangle means something; cost 2·p² operations for each
  /// deviating cell.
  public func add(row: Int, to matrix: inout Matrix) {
    precondition(matrix.rows == shared.rows)
    cells.withBuffers { buffers in
      let base = addBase(row: row, buffers, to: &matrix)
      forEachBatch(row: row, buffers, base) { $0.add(to: &matrix) }
    }
  }

  /// The matrices that `add` adds, one after the other; cost as there, and the memory of p² numbers for each 256
  /// deviating cells.
  public func terms(row: Int) -> [Matrix] {
    let zeros = Matrix(rows: shared.rows, columns: shared.columns)
    var terms = [zeros]
    cells.withBuffers { buffers in
      let base = addBase(row: row, buffers, to: &terms[0])
      if base.weight == 0 { terms = [] }
      forEachBatch(row: row, buffers, base) { batch in
        var term = zeros
        batch.add(to: &term)
        terms.append(term)
      }
    }
    return terms
  }

  private func addBase(
    row: Int, _ buffers: GradedCellBuffers, to matrix: inout Matrix
  ) -> (weight: Float, deviating: Int) {
    precondition(row >= 0 && row < cells.rows)
    let base = Self.base(of: row, buffers, gain: gain)
    if base.weight != 0 {
      for index in matrix.storage.indices { matrix.storage[index] += base.weight * shared.storage[index] }
    }
    return base
  }

  /// Gathers the cells that deviate from a row's base, 256 at a time.
  private func forEachBatch(
    row: Int, _ buffers: GradedCellBuffers, _ base: (weight: Float, deviating: Int), _ body: (Batch) -> Void
  ) {
    let p = factors.columns
    guard base.deviating > 0, p > 0 else { return }
    var batch = Batch(capacity: min(base.deviating, Self.gathered), width: p)
    factors.storage.withUnsafeBufferPointer { source in
      for byte in 0..<buffers.bytesPerRow {
        var places = Self.deviating(byte, row, buffers, from: base.weight, gain: gain)
        while places != 0 {
          let column = 8 * byte + places.leadingZeroBitCount
          places &= ~(0x80 >> UInt8(places.leadingZeroBitCount))
          let excess = Self.weight(of: column, row, buffers, gain: gain) - base.weight
          // Of graded or weighted cells it is not known before.
          guard excess != 0 else { continue }
          for index in 0..<p {
            let value = source[column * p + index]
            batch.plain[batch.count * p + index] = value
            batch.weighted[batch.count * p + index] = excess * value
          }
          batch.count += 1
          if batch.count == Self.gathered {
            body(batch)
            batch.count = 0
          }
        }
      }
    }
    if batch.count > 0 { body(batch) }
  }

  /// Factors of some cells, and the same times the cells' excess weights.
  private struct Batch {
    let width: Int
    var plain: [Float]
    var weighted: [Float]
    var count = 0

    init(capacity: Int, width: Int) {
      self.width = width
      plain = [Float](repeating: 0, count: capacity * width)
      weighted = plain
    }

    /// Adds Σ excess · b bᵀ.
    func add(to matrix: inout Matrix) {
      plain.withUnsafeBufferPointer { plain in
        weighted.withUnsafeBufferPointer { weighted in
          matrix.storage.withUnsafeMutableBufferPointer { sum in
            guard let left = plain.baseAddress, let right = weighted.baseAddress else { return }
            BLAS.gemm(
              .transposed, .asStored, m: width, n: width, k: count, scale: 1, a: left, aStride: width,
              b: right, bStride: width, c: sum.baseAddress, cStride: width, keep: 1)
          }
        }
      }
    }
  }

  /// u·(1 + α·y), 0 where a cell is missing.
  @inline(__always)
  private static func weight(of column: Int, _ row: Int, _ buffers: GradedCellBuffers, gain: Float) -> Float {
    let byte = row * buffers.bytesPerRow + column >> 3
    let bit: UInt8 = 0x80 >> UInt8(truncatingIfNeeded: column & 7)
    if let observed = buffers.observed, observed[byte] & bit == 0 { return 0 }
    let own = buffers.weights.map { $0[row * buffers.columns + column] } ?? 1
    guard gain != 0 else { return own }
    if let bits = buffers.bits { return bits[byte] & bit == 0 ? own : own * (1 + gain) }
    guard let floats = buffers.floats else { return own }
    return own * (1 + gain * floats[row * buffers.columns + column])
  }

  /// Which of eight cells may have another weight than a base, the first in the highest bit.
  @inline(__always)
  private static func deviating(
    _ byte: Int, _ row: Int, _ buffers: GradedCellBuffers, from base: Float, gain: Float
  ) -> UInt8 {
    let index = row * buffers.bytesPerRow + byte
    let seen = buffers.observed.map { $0[index] } ?? 0xFF
    let inside = UInt8(truncatingIfNeeded: 0xFF00 >> min(buffers.columns - 8 * byte, 8))
    if base == 0 { return seen & inside }
    if buffers.weights != nil { return inside }
    if gain == 0 { return ~seen & inside }
    guard let bits = buffers.bits else { return inside }
    return base == 1 ? (~seen | bits[index]) & inside : ~(seen & bits[index]) & inside
  }

  /// The best base for a row and the cells that deviate from it.
  private static func base(
    of row: Int, _ buffers: GradedCellBuffers, gain: Float
  ) -> (weight: Float, deviating: Int) {
    var (observed, ones, zeros) = (0, 0, 0)
    var own: Float = 1
    if buffers.weights == nil, buffers.floats == nil || gain == 0 {
      for index in row * buffers.bytesPerRow..<(row + 1) * buffers.bytesPerRow {
        let mask = buffers.observed.map { $0[index] } ?? 0xFF
        observed += mask.nonzeroBitCount
        if let bits = buffers.bits { ones += (bits[index] & mask).nonzeroBitCount }
      }
      // The padding of a row counts as observed where there is no mask.
      observed = min(observed, buffers.columns)
      zeros = gain == 0 ? observed : observed - ones
    } else {
      own = (0..<buffers.columns).lazy.map { buffers.weight(row: row, column: $0) }.first { $0 != 0 } ?? 1
      for column in 0..<buffers.columns {
        let weight = weight(of: column, row, buffers, gain: gain)
        if weight != 0 { observed += 1 }
        if weight == own { zeros += 1 }
        if weight == own * (1 + gain) { ones += 1 }
      }
    }
    var best: (weight: Float, deviating: Int) = (0, observed)
    if buffers.columns - zeros < best.deviating { best = (own, buffers.columns - zeros) }
    if gain != 0, buffers.columns - ones < best.deviating {
      best = (own * (1 + gain), buffers.columns - ones)
    }
    return best
  }
}
