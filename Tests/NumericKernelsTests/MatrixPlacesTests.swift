import CVectorKernels
import Testing

@testable import NumericKernels

@Suite struct MatrixPlacesTests {
  private static let processors: [routerec_processor] = [ROUTEREC_ANY, ROUTEREC_AVX2, ROUTEREC_AVX512]
    .filter { $0.rawValue <= routerec_this_processor().rawValue }

  /// One number among others is found wherever it stands, by every kernel.
  @Test(arguments: processors) func theFirstOneIsFound(processor: routerec_processor) {
    for count in [1, 15, 16, 17, 50] {
      for place in 0..<count {
        for (sought, value) in [
          (ROUTEREC_NOT_FINITE, Float.nan), (ROUTEREC_NOT_FINITE, -.infinity), (ROUTEREC_OUTSIDE, 1.0001),
          (ROUTEREC_OUTSIDE, -0.0001), (ROUTEREC_OUTSIDE, .nan), (ROUTEREC_INSIDE, 0.75),
        ] {
          var values = (0..<count).map { Float($0 % 7) / 10 }
          let range: (Float, Float) = sought == ROUTEREC_INSIDE ? (0.7, 0.8) : (0, 1)
          #expect(routerec_find(processor, sought, values, 0, count, range.0, range.1) == count)
          values[place] = value
          #expect(routerec_find(processor, sought, values, 0, count, range.0, range.1) == place)
          #expect(routerec_find(processor, sought, values, place + 1, count, range.0, range.1) == count)
        }
        var values = (0..<count).map { -Float($0) }
        values[place] = 2
        #expect(routerec_highest(processor, values, count) == 2)
      }
    }
  }

  @Test func columnsThatShareTheHighest() {
    let matrix = Matrix([[1, 3, -2, 3], [-1, -1, -1, -1], [-.infinity, -5, -6, -7]])
    #expect(matrix.columnsOfHighest(inRow: 0) == [1, 3])
    #expect(matrix.columnsOfHighest(inRow: 1) == [0, 1, 2, 3])
    #expect(matrix.columnsOfHighest(inRow: 2) == [1])
    #expect(Matrix(rows: 1, columns: 0).columnsOfHighest(inRow: 0).isEmpty)
  }

  @Test func placesAreThoseOfRowsAndColumns() throws {
    var matrix = Matrix(rows: 3, columns: 20, repeating: 0.5)
    #expect(matrix.firstNonFinite == nil && matrix.isFinite && matrix.firstOutside(0...1) == nil)
    matrix[2, 19] = .nan
    matrix[1, 3] = 2
    let odd = try #require(matrix.firstNonFinite)
    let outside = try #require(matrix.firstOutside(0...1))
    #expect(odd == (2, 19) && outside == (1, 3) && !matrix.isFinite)
  }
}
