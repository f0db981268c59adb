extension NDArray {
  /// The number of elements in one row: what remains of the shape behind the first dimension.
  var rowLength: Int { shape.dropFirst().reduce(1, *) }

  /// All rows: the indices of the first dimension, or the only element of an array without dimensions.
  var allRows: Range<Int> { 0..<(shape.first ?? 1) }

  /// Visits the elements of some rows, once each, with two positions counted in elements.
  ///
  /// `target` is the position in the C-order result that starts with the first of these rows; `source` is
  /// the position in `bytes`. Fortran-order arrays are visited tile by tile, because walking along a row of
  /// them touches another cache line at each step.
  @inline(__always)
  func forEachElement<Failure: Error>(
    rows: Range<Int>, _ body: (_ target: Int, _ source: Int) throws(Failure) -> Void
  ) throws(Failure) {
    let rowLength = rowLength
    guard isFortranOrder, rowLength > 0, let rowCount = shape.first, let columns = shape.last else {
      let first = rows.lowerBound * rowLength
      for index in 0..<rows.count * rowLength { try body(index, first + index) }
      return
    }
    let middle = shape[1..<shape.count - 1]
    let columnStride = rowCount * middle.reduce(1, *)
    let tile = 32
    for slice in 0..<middle.reduce(1, *) {
      let sliceSource = Self.fortranOffset(ofSlice: slice, in: middle, stride: rowCount)
      for rowTile in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: tile) {
        let tileRows = rowTile..<min(rowTile + tile, rows.upperBound)
        for columnTile in Swift.stride(from: 0, to: columns, by: tile) {
          let tileColumns = columnTile..<min(columnTile + tile, columns)
          for row in tileRows {
            let target = (row - rows.lowerBound) * rowLength + slice * columns
            for column in tileColumns {
              try body(target + column, sliceSource + row + column * columnStride)
            }
          }
        }
      }
    }
  }

  /// Where in Fortran order a slice starts whose index over the given dimensions is counted in C order.
  private static func fortranOffset(ofSlice slice: Int, in dimensions: ArraySlice<Int>, stride: Int) -> Int {
    var remaining = slice
    var stepOut = dimensions.reduce(stride, *)
    var offset = 0
    for length in dimensions.reversed() {
      stepOut /= length
      offset += remaining % length * stepOut
      remaining /= length
    }
    return offset
  }

  /// The elements in C order as they are stored: the array's own bytes, or a copy if it is in Fortran order.
  ///
  /// - Throws: `FileError` if there is not enough memory for the copy.
  func bytesInCOrder() throws(FileError) -> ByteRegion {
    guard isFortranOrder else { return bytes }
    let size = elementType.size
    let reordered = try ByteRegion(count: bytes.count) { memory throws(FileError) in
      bytes.withUnsafeBytes { raw in
        guard let target = memory.baseAddress, let source = raw.baseAddress else { return }
        forEachElement(rows: allRows) { targetIndex, sourceIndex in
          (target + targetIndex * size).copyMemory(from: source + sourceIndex * size, byteCount: size)
        }
      }
    }
    guard let reordered else { throw error("\(bytes.count) bytes to reorder don't fit into memory") }
    return reordered
  }
}
