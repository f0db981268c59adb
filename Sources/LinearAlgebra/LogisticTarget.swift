/// The graded cells that a logistic model explains: n × m values in [0, 1], some perhaps missing.
public struct LogisticTarget: Sendable {
  /// How the values are stored.
  public enum Values: Sendable {
    /// Zeros and ones.
    case bits(BitMatrix)
    /// Numbers in [0, 1].
    case floats(Matrix)
  }

  /// The values; those of missing cells are ignored.
  public let values: Values
  /// Which cells are observed; nil means all.
  public let observed: BitMatrix?
  /// The number of rows, n.
  public let rows: Int
  /// The number of columns, m.
  public let columns: Int

  /// A target from its values and its mask of the same shape.
  public init(_ values: Values, observed: BitMatrix? = nil) {
    self.values = values
    self.observed = observed
    switch values {
    case .bits(let bits): (rows, columns) = (bits.rows, bits.columns)
    case .floats(let matrix): (rows, columns) = (matrix.rows, matrix.columns)
    }
    if let observed {
      precondition(observed.rows == rows && observed.columns == columns, "mask and values differ in shape")
    }
  }

  /// The number of observed cells.
  public var observedCount: Int { observed?.count ?? rows * columns }
}

/// The raw storage of a target, for the inner loops.
struct LogisticTargetBuffers: @unchecked Sendable {
  let bits: UnsafePointer<UInt8>?
  let floats: UnsafePointer<Float>?
  let observed: UnsafePointer<UInt8>?
  let columns: Int
  let bytesPerRow: Int
}

extension LogisticTarget {
  func withBuffers<Result>(_ body: (LogisticTargetBuffers) -> Result) -> Result {
    let bytesPerRow = (columns + 7) / 8
    func withMask(bits: UnsafePointer<UInt8>?, floats: UnsafePointer<Float>?) -> Result {
      guard let observed else {
        return body(
          LogisticTargetBuffers(
            bits: bits, floats: floats, observed: nil, columns: columns, bytesPerRow: bytesPerRow))
      }
      return observed.bytes.withUnsafeBufferPointer {
        body(
          LogisticTargetBuffers(
            bits: bits, floats: floats, observed: $0.baseAddress, columns: columns, bytesPerRow: bytesPerRow))
      }
    }
    switch values {
    case .bits(let matrix):
      return matrix.bytes.withUnsafeBufferPointer { withMask(bits: $0.baseAddress, floats: nil) }
    case .floats(let matrix):
      return matrix.storage.withUnsafeBufferPointer { withMask(bits: nil, floats: $0.baseAddress) }
    }
  }
}
