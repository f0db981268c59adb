import NumericKernels

extension NDArray {
  /// The elements as single-precision numbers in C order.
  ///
  /// Half precision converts exactly; wider numbers round to nearest; a bool is 0 or 1.
  ///
  /// - Throws: `FileError` for an array of text.
  public func floats() throws(FileError) -> [Float] {
    try requireNumbers()
    return realNumbers()
  }

  /// The elements as double-precision numbers in C order, exactly.
  ///
  /// - Throws: `FileError` for an array of text, or for a whole number of 2⁵³ and more, which has neighbours that
  ///   double precision can't tell from it.
  public func doubles() throws(FileError) -> [Double] {
    try requireNumbers()
    let numbers: [Double] = realNumbers()
    guard [.int64, .uint64].contains(elementType) else { return numbers }
    if let element = numbers.firstIndex(where: { abs($0) >= 0x1p53 }) {
      throw error(
        "element \(element) is beyond \(1 << 53), up to which double precision tells whole numbers apart: save "
          + "the numbers less their least, or as f8")
    }
    return numbers
  }

  /// The elements of an integer array in C order.
  ///
  /// - Throws: `FileError` for another element type, also bool, which says yes or no and numbers nothing; for an
  ///   unsigned number beyond `Int.max`, naming it.
  public func integers() throws(FileError) -> [Int] {
    if case .unicode = elementType {
      throw error("expected integers, found text of type \(elementType.code)")
    }
    if [.float16, .float32, .float64, .bool].contains(elementType) {
      throw error("expected integers, found type \(elementType.code)")
    }
    var tooLarge: (element: Int, value: UInt64)?
    let result = [Int](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = count
      guard count > 0, let target = buffer.baseAddress else { return }
      switch elementType {
      case .int8: convert(allRows, into: target) { (value: Int8) in Int(value) }
      case .int16: convert(allRows, into: target) { (value: Int16) in Int(value) }
      case .int32: convert(allRows, into: target) { (value: Int32) in Int(value) }
      case .int64: convert(allRows, into: target) { (value: Int64) in Int(value) }
      case .uint8: convert(allRows, into: target) { (value: UInt8) in Int(value) }
      case .uint16: convert(allRows, into: target) { (value: UInt16) in Int(value) }
      case .uint32: convert(allRows, into: target) { (value: UInt32) in Int(value) }
      case .uint64:
        convert(allRows, into: target) { (value: UInt64) in Int(truncatingIfNeeded: value) }
        if let element = buffer[..<count].firstIndex(where: { $0 < 0 }) {
          tooLarge = (element, UInt64(bitPattern: Int64(buffer[element])))
        }
      case .float16, .float32, .float64, .bool, .unicode: preconditionFailure("refused above")
      }
    }
    if let tooLarge {
      throw error("element \(tooLarge.element) is \(tooLarge.value), which is more than \(Int.max)")
    }
    return result
  }

  /// The elements of a two-dimensional array as a matrix.
  ///
  /// - Throws: `FileError` for another number of dimensions or an array of text.
  public func matrix() throws(FileError) -> Matrix {
    try requireDimensions(2)
    return Matrix(rows: shape[0], columns: shape[1], storage: try floats())
  }

  /// Converts some rows of a two-dimensional array, leaving the others untouched on the disk.
  ///
  /// `buffer` becomes `range.count · columns` elements long; one of that length already is reused.
  ///
  /// - Throws: `FileError` for another number of dimensions, an array of text or rows that it does not have.
  public func readRows(_ range: Range<Int>, into buffer: inout [Float]) throws(FileError) {
    try requireDimensions(2)
    try requireNumbers()
    guard range.lowerBound >= 0, range.upperBound <= shape[0] else {
      throw error("rows \(range.lowerBound)..<\(range.upperBound) asked for, shape is \(Self.text(shape))")
    }
    let needed = range.count * shape[1]
    if buffer.count != needed { buffer = [Float](repeating: 0, count: needed) }
    buffer.withUnsafeMutableBufferPointer { buffer in
      if needed > 0, let target = buffer.baseAddress { convertReals(range, into: target) }
    }
  }

  private func requireNumbers() throws(FileError) {
    if case .unicode = elementType { throw error("expected numbers, found text of type \(elementType.code)") }
  }

  private func realNumbers<Target: BinaryFloatingPoint>() -> [Target] {
    [Target](unsafeUninitializedCapacity: count) { buffer, initialized in
      if count > 0, let target = buffer.baseAddress { convertReals(allRows, into: target) }
      initialized = count
    }
  }

  private func convertReals<Target: BinaryFloatingPoint>(
    _ rows: Range<Int>, into target: UnsafeMutablePointer<Target>
  ) {
    switch elementType {
    case .float16: convert(rows, into: target) { (bits: UInt16) in Target(Self.single(halfBits: bits)) }
    case .float32: convert(rows, into: target) { (value: Float) in Target(value) }
    case .float64: convert(rows, into: target) { (value: Double) in Target(value) }
    case .int8: convert(rows, into: target) { (value: Int8) in Target(value) }
    case .int16: convert(rows, into: target) { (value: Int16) in Target(value) }
    case .int32: convert(rows, into: target) { (value: Int32) in Target(value) }
    case .int64: convert(rows, into: target) { (value: Int64) in Target(value) }
    case .uint8: convert(rows, into: target) { (value: UInt8) in Target(value) }
    case .uint16: convert(rows, into: target) { (value: UInt16) in Target(value) }
    case .uint32: convert(rows, into: target) { (value: UInt32) in Target(value) }
    case .uint64: convert(rows, into: target) { (value: UInt64) in Target(value) }
    case .bool: convert(rows, into: target) { (value: UInt8) in value == 0 ? 0 : 1 }
    case .unicode: preconditionFailure("callers refuse text")
    }
  }

  /// Converts each element of some rows; elements of a file need not be aligned.
  @inline(__always)
  private func convert<Source: BitwiseCopyable, Target>(
    _ rows: Range<Int>, into target: UnsafeMutablePointer<Target>, _ transform: (Source) -> Target
  ) {
    bytes.withUnsafeBytes { raw in
      guard let source = raw.baseAddress else { return }
      forEachElement(rows: rows) { targetIndex, sourceIndex in
        let offset = sourceIndex &* MemoryLayout<Source>.size
        target[targetIndex] = transform(source.loadUnaligned(fromByteOffset: offset, as: Source.self))
      }
    }
  }

  /// A half-precision number, exactly, with operations that every processor does on whole vectors.
  ///
  /// Moved to where single precision keeps exponent and fraction, a number lacks 112 in its exponent, and
  /// infinities and NaNs as much again. Subnormal numbers are counts of 2⁻²⁴; converting the count avoids
  /// arithmetic on subnormal single-precision numbers, which processors do slowly.
  @inline(__always)
  static func single(halfBits bits: UInt16) -> Float {
    let exponent = bits & 0x7C00
    let magnitude = UInt32(bits & 0x7FFF)
    let rebias: UInt32 = exponent == 0x7C00 ? 224 &<< 23 : 112 &<< 23
    let normal = magnitude &<< 13 &+ rebias
    let subnormal = (Float(Int32(bitPattern: magnitude)) * 0x1p-24).bitPattern
    return Float(bitPattern: (exponent == 0 ? subnormal : normal) | UInt32(bits & 0x8000) &<< 16)
  }
}
