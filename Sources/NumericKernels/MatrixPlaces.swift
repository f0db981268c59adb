extension Matrix {
  /// The place of the first element that is not a finite number, row by row; nil where there is none.
  public var firstNonFinite: (row: Int, column: Int)? { place(of: storage.firstIndex { !$0.isFinite }) }

  /// The place of the first element outside a range, row by row; nil where there is none.
  public func firstOutside(_ range: ClosedRange<Float>) -> (row: Int, column: Int)? {
    place(of: storage.firstIndex { !range.contains($0) })
  }

  private func place(of index: Int?) -> (row: Int, column: Int)? {
    index.map { ($0 / columns, $0 % columns) }
  }
}
