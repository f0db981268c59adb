import FileFormats

/// A list of ids: one a line, or an NPY array of texts or whole numbers.
package enum IDFile {
  /// What an array of the queries' ids may be called.
  package static let arrayNames = [
    "item_id", "item_ids", "id", "ids", "query_id", "query_ids", "query", "queries",
  ]
  /// What a column of them may be called.
  package static let columnNames = ["query", "query_id", "id", "item_id"]

  /// Reads the ids, in order; a last line may end without a line feed.
  ///
  /// - Throws: `FileError` for a file that can't be read, an array of another kind, or, with the line, an empty id.
  static func read(_ path: String) throws(FileError) -> [String] {
    let region = try ByteRegion(mapping: path)
    if FileKind(region) == .npy { return try ids(NPY.read(region, path: path)) }
    guard let text = region.text else {
      throw FileError(path, "is neither an NPY array nor text in UTF-8")
    }
    var lines: [String] = []
    let bytes = text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? text.utf8.dropFirst(3) : text.utf8[...]
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      lines.append(String(Substring(line.last == 0x0D ? line.dropLast() : line)))
    }
    if lines.last == "" { lines.removeLast() }
    if let empty = lines.firstIndex(of: "") { throw FileError(path, at: .line(empty + 1), "an id is empty") }
    return lines
  }

  /// The ids of an array of texts or whole numbers.
  package static func ids(_ array: NDArray) throws(FileError) -> [String] {
    try array.requireDimensions(1)
    if case .unicode = array.elementType { return try array.strings() }
    return try array.integers().map { String($0) }
  }
}
