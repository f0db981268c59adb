import NumericKernels

/// Arrays made in memory, ready to be written; their `path` is `memory`.
///
/// The number of elements must be the product of the shape; copies the elements.
extension NDArray {
  /// A two-dimensional `float32` array.
  public init(matrix: Matrix) {
    self.init(floats: matrix.storage, shape: [matrix.rows, matrix.columns])
  }

  /// A `float32` array from its elements in C order.
  public init(floats: [Float], shape: [Int]) {
    self.init(inMemory: .float32, shape: shape, bytes: ByteRegion(elementsOf: floats))
  }

  /// A `float64` array from its elements in C order.
  public init(doubles: [Double], shape: [Int]) {
    self.init(inMemory: .float64, shape: shape, bytes: ByteRegion(elementsOf: doubles))
  }

  /// A `uint8` array from its elements in C order.
  public init(uint8: [UInt8], shape: [Int]) {
    self.init(inMemory: .uint8, shape: shape, bytes: ByteRegion(elementsOf: uint8))
  }

  /// An `int32` array from its elements in C order.
  public init(int32: [Int32], shape: [Int]) {
    self.init(inMemory: .int32, shape: shape, bytes: ByteRegion(elementsOf: int32))
  }

  /// An `int64` array from its elements in C order.
  public init(int64: [Int64], shape: [Int]) {
    self.init(inMemory: .int64, shape: shape, bytes: ByteRegion(elementsOf: int64))
  }

  /// A `bool` array from its elements in C order.
  public init(bools: [Bool], shape: [Int]) {
    self.init(inMemory: .bool, shape: shape, bytes: ByteRegion(elementsOf: bools.map { $0 ? 1 : 0 as UInt8 }))
  }

  /// A one-dimensional text array, as wide as the longest string has code points, at least 1.
  ///
  /// Zeros at the end of a string are lost, as they are in numpy.
  public init(strings: [String]) {
    let length = max(1, strings.map(\.unicodeScalars.count).max() ?? 1)
    var codePoints = [UInt32](repeating: 0, count: strings.count * length)
    for (index, string) in strings.enumerated() {
      for (offset, scalar) in string.unicodeScalars.enumerated() {
        codePoints[index * length + offset] = scalar.value
      }
    }
    self.init(
      inMemory: .unicode(length: length), shape: [strings.count], bytes: ByteRegion(elementsOf: codePoints))
  }
}
