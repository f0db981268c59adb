import NumericKernels

/// The type of an array's elements, little-endian.
public enum ElementType: Equatable, Sendable {
  /// IEEE 754 half, single and double precision.
  case float16, float32, float64
  /// Signed integers.
  case int8, int16, int32, int64
  /// Unsigned integers.
  case uint8, uint16, uint32, uint64
  /// One byte, 0 or 1.
  case bool
  /// Fixed-width UTF-32 text padded with zeros, as numpy's `<U…`: `length` code points.
  case unicode(length: Int)

  /// The size of one element in bytes.
  public var size: Int {
    switch self {
    case .float16, .int16, .uint16: return 2
    case .float32, .int32, .uint32: return 4
    case .float64, .int64, .uint64: return 8
    case .int8, .uint8, .bool: return 1
    case .unicode(let length): return 4 * length
    }
  }

  /// Numpy's name without the byte order, such as `f4`, `u1` or `U17`.
  public var code: String {
    switch self {
    case .float16: return "f2"
    case .float32: return "f4"
    case .float64: return "f8"
    case .int8: return "i1"
    case .int16: return "i2"
    case .int32: return "i4"
    case .int64: return "i8"
    case .uint8: return "u1"
    case .uint16: return "u2"
    case .uint32: return "u4"
    case .uint64: return "u8"
    case .bool: return "b1"
    case .unicode(let length): return "U\(length)"
    }
  }

  /// The type of a numpy code such as `f4` or `U17`, or nil for one that is not read here.
  public init?(code: String) {
    switch code {
    case "f2": self = .float16
    case "f4": self = .float32
    case "f8": self = .float64
    case "i1": self = .int8
    case "i2": self = .int16
    case "i4": self = .int32
    case "i8": self = .int64
    case "u1": self = .uint8
    case "u2": self = .uint16
    case "u4": self = .uint32
    case "u8": self = .uint64
    case "b1", "?": self = .bool
    default:
      let digits = code.utf8.dropFirst()
      guard code.hasPrefix("U"), digits.allSatisfy({ (0x30...0x39).contains($0) }),
        let length = Int(code.dropFirst()), length > 0, length <= 1 << 28
      else { return nil }
      self = .unicode(length: length)
    }
  }
}

/// An n-dimensional array whose elements stay where they are: in a mapped file or a block of memory.
///
/// What numpy calls an `ndarray`, read-only. Elements are converted on request.
public struct NDArray: Sendable {
  /// The type of the elements.
  public let elementType: ElementType
  /// The length of each dimension, outermost first.
  public let shape: [Int]
  /// Whether the first index varies fastest in memory, instead of the last.
  public let isFortranOrder: Bool
  /// The elements, `count · elementType.size` bytes.
  public let bytes: ByteRegion
  /// The file that the array came from, for error messages.
  public let path: String
  /// The array's place in that file, for error messages.
  public let place: FileError.Place

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// Checks that a shape and the bytes fit together.
  ///
  /// - Throws: `FileError` for a negative or overflowing shape, or bytes of another length than it needs.
  public init(
    _ elementType: ElementType, shape: [Int], isFortranOrder: Bool = false, bytes: ByteRegion,
    path: String, place: FileError.Place = .file
  ) throws(FileError) {
    guard let needed = Self.byteCount(elementType, shape: shape) else {
      throw FileError(path, at: place, "array shape \(Self.text(shape)) is not possible")
    }
    guard needed == bytes.count else {
      throw FileError(
        path, at: place,
        "array of shape \(Self.text(shape)) and type \(elementType.code) needs \(needed) bytes, found \(bytes.count)"
      )
    }
    self.elementType = elementType
    self.shape = shape
    self.isFortranOrder = isFortranOrder && shape.count > 1
    self.bytes = bytes
    self.path = path
    self.place = place
  }

  /// An array in memory, in C order, whose shape and bytes the caller knows to fit together.
  init(inMemory elementType: ElementType, shape: [Int], bytes: ByteRegion) {
    precondition(
      Self.byteCount(elementType, shape: shape) == bytes.count,
      "\(bytes.count) bytes for an array of shape \(Self.text(shape)) and type \(elementType.code)")
    self.elementType = elementType
    self.shape = shape
    isFortranOrder = false
    self.bytes = bytes
    path = "memory"
    place = .file
  }

  /// The bytes an array takes, or nil for a shape or a text width that numpy could not hold either.
  ///
  /// Lengths of 0 are left out of the overflow check's product, so that every partial product of the
  /// shape fits an `Int`; elements of no width would make the number of elements unbounded.
  static func byteCount(_ elementType: ElementType, shape: [Int]) -> Int? {
    guard shape.count <= 64, elementType.size > 0 else { return nil }
    var total = elementType.size
    for length in shape {
      guard length >= 0 else { return nil }
      let (product, overflow) = total.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow else { return nil }
      total = product
    }
    return shape.contains(0) ? 0 : total
  }

  /// A shape as numpy prints it, such as `(3, 4)` or `(5,)`.
  public static func text(_ shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
  }

  /// An error about this array.
  public func error(_ reason: String) -> FileError { FileError(path, at: place, reason) }

  /// Throws unless the array has this number of dimensions.
  public func requireDimensions(_ dimensions: Int) throws(FileError) {
    guard shape.count == dimensions else {
      throw error("expected \(dimensions) dimension(s), found shape \(Self.text(shape))")
    }
  }
}
