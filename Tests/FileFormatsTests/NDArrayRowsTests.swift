import Testing

@testable import FileFormats

@Suite struct NDArrayRowsTests {
  @Test(arguments: SampleArrays.numericTypes, [false, true])
  func rowsKeepTheirBits(type: ElementType, isFortranOrder: Bool) throws {
    let array = try SampleArrays.array(type, shape: [5, 3], isFortranOrder: isFortranOrder, seed: 3)
    let whole = try array.doubles()
    let chosen = [4, 0, 0, 2]
    let rows = try array.selecting(rows: chosen)
    #expect(rows.shape == [4, 3] && rows.elementType == type)
    let expected = chosen.flatMap { whole[$0 * 3..<$0 * 3 + 3] }
    #expect(try rows.doubles().elementsEqual(expected) { $0 == $1 || ($0.isNaN && $1.isNaN) })
    #expect(try array.selecting(rows: []).shape == [0, 3])
    #expect(try array.selecting(rows: Array(0..<5)).isFortranOrder == isFortranOrder)
  }
}
