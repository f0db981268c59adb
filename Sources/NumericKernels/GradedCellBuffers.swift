/// The raw storage of graded cells, for the inner loops.
struct GradedCellBuffers: @unchecked Sendable {
  let bits: UnsafePointer<UInt8>?
  let floats: UnsafePointer<Float>?
  let observed: UnsafePointer<UInt8>?
  let weights: UnsafePointer<Float>?
  let columns: Int
  let bytesPerRow: Int

  /// Bytes spread to eight numbers 0 or 1, highest bit first.
  static let spread: [SIMD8<Float>] = (0..<256).map { byte in
    var lanes = SIMD8<Float>(repeating: 0)
    for lane in 0..<8 where byte & (0x80 >> lane) != 0 { lanes[lane] = 1 }
    return lanes
  }

  /// The values of `count` (at most 8) cells of a row from a column on that is a multiple of 8; the rest are 0.
  @inline(__always)
  func values(
    row: Int, column: Int, count: Int, spread: UnsafePointer<SIMD8<Float>>
  ) -> SIMD8<Float> {
    if let bits { return spread[Int(bits[row * bytesPerRow + column >> 3])] }
    var result = SIMD8<Float>(repeating: 0)
    guard let floats else { return result }
    let source = floats + row * columns + column
    if count == 8 { return UnsafeRawPointer(source).loadUnaligned(as: SIMD8<Float>.self) }
    for lane in 0..<count { result[lane] = source[lane] }
    return result
  }

  /// 1 for each of those cells that is observed, else 0.
  @inline(__always)
  func seen(row: Int, column: Int, count: Int, spread: UnsafePointer<SIMD8<Float>>) -> SIMD8<Float> {
    let mask = observed.map { $0[row * bytesPerRow + column >> 3] } ?? 0xFF
    return spread[Int(mask & UInt8(truncatingIfNeeded: 0xFF00 >> count))]
  }

  /// How much a cell counts: nothing where it is missing, 1 without weights.
  @inline(__always)
  func weight(row: Int, column: Int) -> Float {
    if let observed, observed[row * bytesPerRow + column >> 3] & (0x80 >> UInt8(column & 7)) == 0 { return 0 }
    return weights.map { $0[row * columns + column] } ?? 1
  }
}

extension GradedCells {
  func withBuffers<Result>(_ body: (GradedCellBuffers) -> Result) -> Result {
    func with(bits: UnsafePointer<UInt8>?, floats: UnsafePointer<Float>?) -> Result {
      Self.withPointer(observed?.bytes) { observed in
        Self.withPointer(weights?.storage) { weights in
          body(
            GradedCellBuffers(
              bits: bits, floats: floats, observed: observed, weights: weights, columns: columns,
              bytesPerRow: (columns + 7) / 8))
        }
      }
    }
    switch values {
    case .bits(let matrix):
      return matrix.bytes.withUnsafeBufferPointer { with(bits: $0.baseAddress, floats: nil) }
    case .floats(let matrix):
      return matrix.storage.withUnsafeBufferPointer { with(bits: nil, floats: $0.baseAddress) }
    }
  }

  private static func withPointer<Element, Result>(
    _ array: [Element]?, _ body: (UnsafePointer<Element>?) -> Result
  ) -> Result {
    guard let array else { return body(nil) }
    return array.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
