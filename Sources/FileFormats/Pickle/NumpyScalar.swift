/// The value of a numpy scalar or of an array without dimensions.
enum NumpyScalar {
  case boolean(Bool)
  case integer(Int)
  /// An unsigned integer beyond the range of `Int`.
  case large(UInt64)
  case float(Double)
  /// UTF-32 text, still in the file.
  case text(ByteRegion)

  /// The scalar in an array with one element, or nil where there is no such thing.
  init?(_ array: PickleArray, in storage: PickleStorage) {
    guard array.isFilled, array.shape.isEmpty, let type = array.elementType,
      let bytes = storage.bytes(array.data), bytes.count == type.size
    else { return nil }
    switch type {
    case .bool: self = .boolean(bytes[0] != 0)
    case .int8: self = .integer(Int(Self.load(bytes, Int8.self)))
    case .int16: self = .integer(Int(Self.load(bytes, Int16.self)))
    case .int32: self = .integer(Int(Self.load(bytes, Int32.self)))
    case .int64: self = .integer(Int(Self.load(bytes, Int64.self)))
    case .uint8: self = .integer(Int(bytes[0]))
    case .uint16: self = .integer(Int(Self.load(bytes, UInt16.self)))
    case .uint32: self = .integer(Int(Self.load(bytes, UInt32.self)))
    case .uint64:
      let value = Self.load(bytes, UInt64.self)
      self = Int(exactly: value).map(NumpyScalar.integer) ?? .large(value)
    case .float16: self = .float(Double(Float16(bitPattern: Self.load(bytes, UInt16.self))))
    case .float32: self = .float(Double(Float(bitPattern: Self.load(bytes, UInt32.self))))
    case .float64: self = .float(Double(bitPattern: Self.load(bytes, UInt64.self)))
    case .unicode: self = .text(bytes)
    }
  }

  private static func load<Integer: FixedWidthInteger>(_ bytes: ByteRegion, _ type: Integer.Type) -> Integer {
    bytes.withUnsafeBytes { Integer(littleEndian: $0.loadUnaligned(as: Integer.self)) }
  }
}
