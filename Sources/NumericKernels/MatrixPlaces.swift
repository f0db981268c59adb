import CVectorKernels

extension Matrix {
  /// The place of the first element that is not a finite number, row by row; nil where there is none.
  public var firstNonFinite: (row: Int, column: Int)? { place(of: first(ROUTEREC_NOT_FINITE)) }

  /// The place of the first element outside a range, row by row; nil where there is none.
  public func firstOutside(_ range: ClosedRange<Float>) -> (row: Int, column: Int)? {
    place(of: first(ROUTEREC_OUTSIDE, range))
  }

  /// The columns that share the highest value of a row, ascending; empty for a matrix without columns.
  ///
  /// The row must hold no NaN.
  package func columnsOfHighest(inRow row: Int) -> [Int] {
    let values = self.row(row)
    guard !values.isEmpty else { return [] }
    let processor = routerec_this_processor()
    return values.withUnsafeBufferPointer { buffer in
      let highest = routerec_highest(processor, buffer.baseAddress, buffer.count)
      var found: [Int] = []
      var place = 0
      while true {
        place = routerec_find(
          processor, ROUTEREC_INSIDE, buffer.baseAddress, place, buffer.count, highest, highest)
        guard place < buffer.count else { return found }
        found.append(place)
        place += 1
      }
    }
  }

  /// The index of the first element that is sought; nil where there is none.
  private func first(_ sought: routerec_sought, _ range: ClosedRange<Float> = 0...0) -> Int? {
    let place = storage.withUnsafeBufferPointer {
      routerec_find(
        routerec_this_processor(), sought, $0.baseAddress, 0, $0.count, range.lowerBound, range.upperBound)
    }
    return place < storage.count ? place : nil
  }

  private func place(of index: Int?) -> (row: Int, column: Int)? {
    index.map { ($0 / columns, $0 % columns) }
  }
}
