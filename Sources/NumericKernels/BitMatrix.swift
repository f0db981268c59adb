/// A matrix of bits, packed along its rows as numpy's `packbits(axis=1)` does.
///
/// Each row starts on a byte; the first column is the highest bit; unused bits are 0. One byte holds
/// 8 cells, so 8,500 × 24,000 of them take 25.5 MB.
public struct BitMatrix: Equatable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The packed bits, `rows · bytesPerRow` of them.
  public private(set) var bytes: [UInt8]

  /// The bytes that a row takes.
  @inlinable
  public var bytesPerRow: Int { (columns + 7) / 8 }

  /// A matrix of zeros, or of ones.
  public init(rows: Int, columns: Int, repeating value: Bool = false) {
    self.rows = rows
    self.columns = columns
    bytes = Array(repeating: value ? 0xFF : 0, count: rows * ((columns + 7) / 8))
    if value { clearPadding() }
  }

  /// A matrix from bytes that are packed already; padding bits are cleared.
  public init(rows: Int, columns: Int, bytes: [UInt8]) {
    precondition(
      bytes.count == rows * ((columns + 7) / 8), "\(bytes.count) bytes for \(rows) × \(columns) bits")
    self.rows = rows
    self.columns = columns
    self.bytes = bytes
    clearPadding()
  }

  private mutating func clearPadding() {
    guard columns % 8 != 0 else { return }
    let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (columns % 8))
    for row in 0..<rows { bytes[(row + 1) * bytesPerRow - 1] &= mask }
  }

  /// The bit in a row and a column.
  @inlinable
  public subscript(row: Int, column: Int) -> Bool {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      return bytes[row * bytesPerRow + column >> 3] & (0x80 >> UInt8(column & 7)) != 0
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      setBit(byte: row * bytesPerRow + column >> 3, 0x80 >> UInt8(column & 7), to: newValue)
    }
  }

  @usableFromInline
  mutating func setBit(byte index: Int, _ bit: UInt8, to value: Bool) {
    if value { bytes[index] |= bit } else { bytes[index] &= ~bit }
  }

  /// Sets a row from one value a column: nonzero is 1.
  public mutating func setRow(_ row: Int, from values: [Float]) {
    precondition(row >= 0 && row < rows && values.count == columns)
    let start = row * bytesPerRow
    for index in 0..<bytesPerRow {
      var byte: UInt8 = 0
      for column in 8 * index..<min(8 * index + 8, columns) where values[column] != 0 {
        byte |= 0x80 >> UInt8(column & 7)
      }
      bytes[start + index] = byte
    }
  }

  /// The rows with the given indices, in that order, copied.
  public func selecting(rows indices: [Int]) -> BitMatrix {
    var result = BitMatrix(rows: indices.count, columns: columns)
    for (target, source) in indices.enumerated() {
      precondition(source >= 0 && source < rows, "row \(source) of \(rows)")
      result.bytes.replaceSubrange(
        target * bytesPerRow..<(target + 1) * bytesPerRow,
        with: bytes[source * bytesPerRow..<(source + 1) * bytesPerRow])
    }
    return result
  }

  /// The columns with the given indices, in that order, copied.
  public func selecting(columns indices: [Int]) -> BitMatrix {
    var result = BitMatrix(rows: rows, columns: indices.count)
    for row in 0..<rows {
      for (target, source) in indices.enumerated() where self[row, source] { result[row, target] = true }
    }
    return result
  }

  /// The bits that are set in both matrices, which have one shape.
  public func intersection(_ other: BitMatrix) -> BitMatrix {
    precondition(rows == other.rows && columns == other.columns, "bit matrices of two shapes")
    var result = self
    for index in result.bytes.indices { result.bytes[index] &= other.bytes[index] }
    return result
  }

  /// The number of ones in each column; cost `rows · columns / 8` byte steps.
  public func columnCounts() -> [Int] {
    let stripes = Parallel.blocks(of: bytesPerRow, size: 64)
    let counts = Parallel.map(stripes.count) { index -> [Int] in
      let stripe = stripes[index]
      var counts = [Int](repeating: 0, count: stripe.count * 8)
      for row in 0..<rows {
        for (offset, position) in stripe.enumerated() {
          var byte = bytes[row * bytesPerRow + position]
          while byte != 0 {
            let leading = byte.leadingZeroBitCount
            counts[offset * 8 + leading] += 1
            byte &= ~(0x80 >> UInt8(leading))
          }
        }
      }
      return counts
    }
    return Array(counts.joined().prefix(columns))
  }

  /// Ones where this matrix has zeros.
  public var complement: BitMatrix { BitMatrix(rows: rows, columns: columns, bytes: bytes.map { ~$0 }) }

  /// The number of ones in a row.
  public func rowCount(_ row: Int) -> Int {
    bytes[row * bytesPerRow..<(row + 1) * bytesPerRow].reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// The number of ones.
  public var count: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }
}
