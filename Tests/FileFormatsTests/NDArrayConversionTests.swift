import Foundation
import NumericKernels
import Testing

@testable import FileFormats

@Suite struct NDArrayConversionTests {
  private func array(_ type: ElementType, _ bytes: [UInt8], shape: [Int]? = nil) throws -> NDArray {
    try NDArray(type, shape: shape ?? [bytes.count / type.size], bytes: ByteRegion(bytes), path: "a.npy")
  }

  @Test func eachTypeConvertsItsExtremes() throws {
    #expect(try array(.int8, [0x80, 0x7F]).floats() == [-128, 127])
    #expect(try array(.uint8, [0, 255]).integers() == [0, 255])
    #expect(try array(.int16, [0x00, 0x80, 0xFF, 0x7F]).integers() == [-32768, 32767])
    #expect(try array(.uint16, [0xFF, 0xFF]).doubles() == [65535])
    #expect(try array(.int32, [0, 0, 0, 0x80]).integers() == [-2_147_483_648])
    #expect(try array(.uint32, [255, 255, 255, 255]).doubles() == [4_294_967_295])
    #expect(try array(.int64, [0, 0, 0, 0, 0, 0, 0, 0x80]).integers() == [Int.min])
    #expect(try array(.bool, [0, 1]).floats() == [0, 1])
    #expect(try array(.float32, [0, 0, 0xC0, 0x3F]).doubles() == [1.5])
    #expect(try array(.float64, [0, 0, 0, 0, 0, 0, 0xF8, 0xBF]).floats() == [-1.5])
    #expect(try array(.int64, [7, 0, 0, 0, 0, 0, 0, 0], shape: []).floats() == [7])
  }

  @Test func unsignedBeyondIntIsRefused() throws {
    let large = try array(.uint64, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80])
    #expect(throws: FileError("a.npy", "element 1 is 9223372036854775808, which is more than \(Int.max)")) {
      try large.integers()
    }
    #expect(throws: FileError.self) { try large.doubles() }
  }

  /// Double precision would make neighbours equal; up to 2⁵³ it tells all whole numbers apart.
  @Test(arguments: [53, 54, 60, 62]) func wholeNumbersThatDoublesMixUpAreRefused(power: Int) throws {
    for sign in [1, -1] as [Int64] {
      let most = NDArray(int64: [0, sign * ((1 << 53) - 1)], shape: [2])
      #expect(try most.doubles() == [0, Double(sign) * (0x1p53 - 1)])
      let beyond = NDArray(int64: [0, sign * ((1 << Int64(power)) + 1)], shape: [2])
      let error = #expect(throws: FileError.self) { try beyond.doubles() }
      #expect(error?.reason.hasPrefix("element 1 is beyond 9007199254740992") == true)
    }
  }

  @Test func everyHalfPrecisionNumberIsExact() {
    for bits in UInt16.min...UInt16.max {
      let expected = Float(Float16(bitPattern: bits))
      let found = NDArray.single(halfBits: bits)
      // Converting may quiet a signalling NaN; which NaN it is has no meaning.
      #expect(found.bitPattern == expected.bitPattern || (found.isNaN && expected.isNaN))
    }
  }

  @Test(arguments: [[], [0], [5], [3, 0], [7, 3], [70, 41], [2, 3, 4], [3, 1, 5, 2], [2, 0, 3]])
  func fortranOrderAgreesWithAnIndexByIndexReference(shape: [Int]) throws {
    let array = try SampleArrays.array(.uint16, shape: shape, isFortranOrder: true, seed: 1)
    let stored = try NDArray(.uint16, shape: [array.count], bytes: array.bytes, path: "").integers()
    var expected: [Int] = []
    for target in 0..<array.count {
      var remaining = target
      var indices: [Int] = []
      for length in shape.reversed() {
        indices.insert(remaining % length, at: 0)
        remaining /= length
      }
      let source = zip(shape, indices).reversed().reduce(0) { $0 * $1.0 + $1.1 }
      expected.append(stored[source])
    }
    #expect(try array.integers() == expected)
    #expect(try NDArray(.uint16, shape: shape, bytes: array.bytesInCOrder(), path: "").integers() == expected)
  }

  @Test(arguments: SampleArrays.numericTypes, [false, true])
  func readRowsIsASliceOfTheWhole(type: ElementType, isFortranOrder: Bool) throws {
    let array = try SampleArrays.array(type, shape: [67, 35], isFortranOrder: isFortranOrder, seed: 2)
    let whole = try array.floats().map(\.bitPattern)
    var buffer: [Float] = [1]
    for range in [0..<67, 0..<0, 66..<67, 30..<64] {
      try array.readRows(range, into: &buffer)
      #expect(buffer.map(\.bitPattern) == Array(whole[range.lowerBound * 35..<range.upperBound * 35]))
    }
    #expect(throws: FileError("sample", "rows 60..<68 asked for, shape is (67, 35)")) {
      try array.readRows(60..<68, into: &buffer)
    }
  }

  @Test func unalignedElementsConvert() throws {
    let aligned = try SampleArrays.array(.float64, shape: [100], seed: 3)
    let shifted = ByteRegion([0xAA] + aligned.bytes.array)
    let unaligned = try NDArray(.float64, shape: [100], bytes: shifted[1..<801], path: "")
    #expect(try unaligned.doubles().map(\.bitPattern) == aligned.doubles().map(\.bitPattern))
  }

  @Test func textLosesItsPaddingOnly() throws {
    let strings = ["", "a", "né", "a\u{0}b", "🙂🙂🙂"]
    #expect(NDArray(strings: strings).elementType == .unicode(length: 3))
    #expect(try NDArray(strings: strings).strings() == strings)
    #expect(try NDArray(strings: []).strings() == [])
    #expect(NDArray(strings: [""]).elementType == .unicode(length: 1))
  }

  @Test(arguments: [0xD800 as UInt32, 0x11_0000, 0xFFFF_FFFF])
  func invalidCodePointsAreRefusedByElement(value: UInt32) throws {
    let text = try array(.unicode(length: 1), Array(ByteRegion(elementsOf: [0x61, value]).array))
    let digits = String(value, radix: 16, uppercase: true)
    #expect(
      throws: FileError("a.npy", "element 1 holds the number 0x\(digits), which is no Unicode character")
    ) { try text.strings() }
  }

  @Test func wrongKindsAreRefused() throws {
    let text = NDArray(strings: ["a"])
    let numbers = NDArray(floats: [1], shape: [1])
    #expect(throws: FileError("memory", "expected numbers, found text of type U1")) { try text.floats() }
    #expect(throws: FileError("memory", "expected integers, found type f4")) { try numbers.integers() }
    #expect(throws: FileError("a.npy", "expected integers, found type b1")) {
      try array(.bool, [0, 1]).integers()
    }
    #expect(throws: FileError("memory", "expected text, found type f4")) { try numbers.strings() }
    #expect(throws: FileError("memory", "expected 2 dimension(s), found shape (1,)")) { try numbers.matrix() }
  }

  @Test func matrixRoundTrips() throws {
    let matrix = Matrix([[1, 2, 3], [4, 5, 6]])
    #expect(try NDArray(matrix: matrix).matrix() == matrix)
  }

  @Test(arguments: [[Int.max, 2], [-1], [0, Int.max, Int.max], [Int.max / 4, 8]])
  func impossibleShapesAreRefused(shape: [Int]) {
    #expect(throws: FileError.self) {
      try NDArray(.uint8, shape: shape, bytes: ByteRegion([]), path: "a.npy")
    }
    #expect(throws: FileError.self) {
      try NDArray(.unicode(length: 0), shape: shape, bytes: ByteRegion([]), path: "a.npy")
    }
  }
}
