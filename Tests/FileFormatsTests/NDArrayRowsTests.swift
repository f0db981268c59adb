import Testing

@testable import FileFormats

@Suite struct NDArrayRowsTests {
  @Test(arguments: SampleArrays.numericTypes, [false, true])
  func rowsKeepTheirBits(type: ElementType, isFortranOrder: Bool) throws {
    let array = try SampleArrays.array(type, shape: [5, 3], isFortranOrder: isFortranOrder, seed: 3)
    // Bytes, since doubles can't tell all whole numbers of 64 bits apart.
    let whole = try array.bytesInCOrder().array
    let chosen = [4, 0, 0, 2]
    let rows = try array.selecting(rows: chosen)
    #expect(rows.shape == [4, 3] && rows.elementType == type)
    let length = 3 * type.size
    #expect(try rows.bytesInCOrder().array == chosen.flatMap { whole[$0 * length..<($0 + 1) * length] })
    #expect(try array.selecting(rows: []).shape == [0, 3])
    #expect(try array.selecting(rows: Array(0..<5)).isFortranOrder == isFortranOrder)
  }

  @Test func rowsOfTwoArraysFollowEachOther() throws {
    let first = NDArray(floats: [1, 2, 3, 4], shape: [2, 2])
    let second = NDArray(floats: [5, 6], shape: [1, 2])
    let both = try first.appending(second)
    #expect(both.shape == [3, 2] && both.elementType == .float32)
    #expect(try both.floats() == [1, 2, 3, 4, 5, 6])
  }
}
