import FileFormats
import NumericKernels

/// A file of query embeddings, and how its rows are known to belong to queries.
public struct EmbeddingsFile: Sendable {
  /// The file: CSV, JSON Lines, NPZ or NPY, told apart by what it holds.
  public let path: String
  /// For an NPY file, the file of its rows' query ids: NPY, or text with one id a line.
  public let ids: String?
  /// For an NPY file without ids: whether row i is the i-th query in the order of first appearance.
  public let isInOrderOfAnswers: Bool

  /// A file of embeddings.
  public init(path: String, ids: String? = nil, isInOrderOfAnswers: Bool = false) {
    self.path = path
    self.ids = ids
    self.isInOrderOfAnswers = isInOrderOfAnswers
  }

  /// Reads the embeddings and the ids that they belong to.
  ///
  /// - Throws: `FileError`, with the line or the row, for a number that is not finite in single precision, rows of
  ///   different lengths, or rows that nothing gives to queries.
  func read() throws(FileError) -> QueryEmbeddings {
    let region = try ByteRegion(unpacking: path)
    let kind = FileKind(region)
    guard kind == .npy || (ids == nil && !isInOrderOfAnswers) else {
      throw FileError(path, "holds ids of its own: --embedding-ids and --embeddings-order are for .npy files")
    }
    switch kind {
    case .npy: return try readNPY()
    case .npz, .zip: return try EmbeddingsArchive.read(path)
    case .json: return try EmbeddingsLines.read(region, path: path)
    default: return try EmbeddingsTable.read(region, path: path)
    }
  }

  private func readNPY() throws(FileError) -> QueryEmbeddings {
    let array = try NPY.read(path)
    try EmbeddingCheck.requireFinite(array)
    guard let ids else {
      guard isInOrderOfAnswers else {
        throw FileError(
          path,
          "doesn't say which query each row belongs to: give the ids with --embedding-ids, or say "
            + "'--embeddings-order file' if row i is the i-th query in the order of first appearance")
      }
      return QueryEmbeddings(path: path, array: array, ids: nil)
    }
    guard !isInOrderOfAnswers else {
      throw FileError(path, "has ids and an order: give --embedding-ids or --embeddings-order, not both")
    }
    let names = try IDFile.read(ids)
    guard names.count == array.shape[0] else {
      throw FileError(ids, "\(names.count) ids for embeddings of shape \(NDArray.text(array.shape))")
    }
    return QueryEmbeddings(path: path, array: array, ids: names)
  }
}
