import NumericKernels

extension NDArray {
  /// Some rows of an array, in the given order and of the same type; the array itself if these are all of them.
  ///
  /// - Throws: `FileError` for an array without dimensions or not enough memory for the copy.
  public func selecting(rows: [Int]) throws(FileError) -> NDArray {
    guard let rowCount = shape.first else { throw error("has no rows") }
    precondition(rows.allSatisfy { $0 >= 0 && $0 < rowCount }, "a row outside 0..<\(rowCount)")
    if rows.count == rowCount, rows.elementsEqual(0..<rowCount) { return self }
    let source = try bytesInCOrder()
    let width = rowLength * elementType.size
    let copy = source.withUnsafeBytes { bytes in
      ByteRegion(count: rows.count * width) { target in
        for (place, row) in rows.enumerated() where width > 0 {
          UnsafeMutableRawBufferPointer(rebasing: target[place * width..<(place + 1) * width])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[row * width..<(row + 1) * width]))
        }
      }
    }
    guard let copy else { throw error("\(rows.count) rows don't fit into memory") }
    return try NDArray(
      elementType, shape: [rows.count] + shape.dropFirst(), bytes: copy, path: path, place: place)
  }

  /// The rows of this array followed by those of another with the same type and length of rows.
  ///
  /// - Throws: `FileError` for not enough memory.
  public func appending(_ other: NDArray) throws(FileError) -> NDArray {
    precondition(
      elementType == other.elementType && !shape.isEmpty && shape.dropFirst() == other.shape.dropFirst(),
      "rows of two kinds")
    let parts = [try bytesInCOrder(), try other.bytesInCOrder()]
    let copy = ByteRegion(count: parts[0].count + parts[1].count) { target in
      var start = 0
      for part in parts {
        part.withUnsafeBytes { bytes in
          UnsafeMutableRawBufferPointer(rebasing: target[start..<start + bytes.count]).copyMemory(from: bytes)
          start += bytes.count
        }
      }
    }
    let rows = shape[0] + other.shape[0]
    guard let copy else { throw error("\(rows) rows don't fit into memory") }
    return try NDArray(elementType, shape: [rows] + shape.dropFirst(), bytes: copy, path: path, place: place)
  }
}
