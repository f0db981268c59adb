/// What stands in front of the elements of an NPY file: their type, order and shape.
///
/// Format: numpy's `numpy.lib.format` documentation, versions 1.0 to 3.0.
struct NPYHeader: Equatable {
  var elementType: ElementType
  var isFortranOrder: Bool
  var shape: [Int]
  /// The bytes before the first element.
  var size: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// A fault at an offset from the start of the NPY data.
  struct Fault: Error {
    let offset: Int
    let reason: String
  }

  /// Reads the header at the start of a region.
  init(_ region: ByteRegion) throws(Fault) {
    guard region.has(Self.magic, at: 0) else {
      throw Fault(offset: 0, reason: "is not an NPY file: it doesn't start with \\x93NUMPY")
    }
    guard region.count >= 10 else {
      throw Fault(offset: region.count, reason: "ends inside the NPY header")
    }
    let version = (region[6], region[7])
    let start: Int
    let length: Int
    switch version {
    case (1, 0):
      start = 10
      length = Int(region.littleEndian(UInt16.self, at: 8))
    case (2, 0), (3, 0):
      guard region.count >= 12 else {
        throw Fault(offset: region.count, reason: "ends inside the NPY header")
      }
      start = 12
      length = Int(region.littleEndian(UInt32.self, at: 8))
    default:
      throw Fault(
        offset: 6, reason: "NPY version \(version.0).\(version.1) is not read here, only 1.0 to 3.0")
    }
    guard length <= region.count - start else {
      throw Fault(
        offset: 8, reason: "a header of \(length) bytes is declared, but only \(region.count - start) follow")
    }
    var parser = NPYHeaderParser(text: region[start..<start + length].array, offset: start)
    let entries = try parser.entries()
    elementType = entries.elementType
    isFortranOrder = entries.isFortranOrder
    shape = entries.shape
    size = start + length
  }

  /// The version 1.0 header of an array in C order, padded so that the elements start at a multiple of 64.
  static func bytes(_ elementType: ElementType, shape: [Int]) -> [UInt8] {
    let order = elementType.size == 1 ? "|" : "<"
    let text =
      "{'descr': '\(order)\(elementType.code)', 'fortran_order': False, 'shape': \(NDArray.text(shape)), }"
    let unpadded = 10 + text.utf8.count + 1
    let padding = (64 - unpadded % 64) % 64
    // At most 64 dimensions of at most 19 digits stay far below the 65,535 bytes of version 1.0.
    var result = magic + [1, 0]
    result.append(littleEndian: UInt16(text.utf8.count + padding + 1))
    return result + Array(text.utf8) + Array(repeating: 0x20, count: padding) + [0x0A]
  }
}
