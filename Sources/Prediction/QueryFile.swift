import FileFormats
import NumericKernels
import RoutingData

/// Queries of a file: embeddings with or without ids, or one text a line.
package enum QueryFile {
  /// The queries of a file of embeddings: NPY (rows are called by their numbers unless a file of ids is given), NPZ, CSV or
  /// JSON Lines.
  ///
  /// - Throws: `FileError`, with the line or row, for what is no embedding.
  package static func embeddings(
    path: String, ids: String? = nil
  ) throws(FileError) -> (ids: [String], values: Matrix) {
    let isArray = FileKind(try ByteRegion(unpacking: path)) == .npy
    let file = EmbeddingsFile(path: path, ids: ids, isInOrderOfAnswers: isArray && ids == nil)
    let read = try file.read()
    let values = try read.array.matrix()
    return (read.ids ?? (0..<values.rows).map(String.init), values)
  }

  /// The queries of a file of texts, one a line, called by the numbers of their lines from 0; blank lines are none.
  ///
  /// - Throws: `FileError`, with the line, for what is no UTF-8.
  package static func texts(path: String) throws(FileError) -> [Query] {
    var queries: [Query] = []
    try TextLines.forEach(path: path) { (line, number) throws(FileError) in
      guard line.contains(where: { !$0.isWhitespace }) else { return }
      queries.append(Query(id: String(number - 1), .text(line)))
    }
    guard !queries.isEmpty else { throw FileError(path, "has no text") }
    return queries
  }
}
