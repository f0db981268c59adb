import FileFormats
import NumericKernels

/// Checks on arrays of embeddings that read them block by block.
enum EmbeddingCheck {
  /// Throws if embeddings have no dimension or, naming the row, if a value is not finite in single precision, in
  /// which it is kept and used.
  static func requireFinite(_ array: NDArray) throws(FileError) {
    var buffer: [Float] = []
    try array.requireDimensions(2)
    guard array.shape[1] > 0 else {
      throw array.error("embeddings of shape \(NDArray.text(array.shape)) have no dimension")
    }
    for rows in Parallel.blocks(of: array.shape[0], size: 1024) {
      try array.readRows(rows, into: &buffer)
      if let place = buffer.firstIndex(where: { !$0.isFinite }) {
        throw array.error(
          "row \(rows.lowerBound + place / array.shape[1]): an embedding of \(buffer[place]), "
            + "expected a finite number of single precision")
      }
    }
  }
}
