import FileFormats
import NumericKernels

/// Puts arrays of one width below each other, as the sub-scenarios of a benchmark need it.
enum ConcatenatedRows {
  /// All rows in one array: the array itself, still in its file, if there is only one; else a copy in memory.
  ///
  /// - Throws: `FileError` for arrays of text, another number of dimensions or different widths.
  static func of(_ arrays: [NDArray]) throws(FileError) -> NDArray {
    if arrays.count == 1 { return arrays[0] }
    var storage: [Float] = []
    var rowCount = 0
    var buffer: [Float] = []
    let columns = arrays.first?.shape.last ?? 0
    for array in arrays {
      try array.requireDimensions(2)
      guard array.shape[1] == columns else {
        throw array.error("\(array.shape[1]) dimensions, the sub-scenarios before it have \(columns)")
      }
      for rows in Parallel.blocks(of: array.shape[0], size: 1024) {
        try array.readRows(rows, into: &buffer)
        storage += buffer
      }
      rowCount += array.shape[0]
    }
    return NDArray(floats: storage, shape: [rowCount, columns])
  }
}
