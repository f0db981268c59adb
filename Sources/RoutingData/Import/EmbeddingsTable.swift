import FileFormats

/// Embeddings in a CSV file: a column of query ids, perhaps one of benchmarks, and d columns of numbers.
enum EmbeddingsTable {
  /// Columns of answers, which are no numbers of an embedding.
  private static let otherNames = ["", "llm", "score", "subscenario", "split", "prompt"]

  static func read(_ region: ByteRegion, path: String) throws(FileError) -> QueryEmbeddings {
    let reader = try CSVReader(region: region, path: path)
    // Without any of the names it is the first one.
    let idName = IDFile.columnNames.first { reader.header.containsName($0) }
    let id = try idName.map { name throws(FileError) in try reader.column(name) } ?? 0
    let benchmark = reader.header.containsName("benchmark") ? try reader.column("benchmark") : nil
    let others = reader.header.indices.filter { $0 != id && $0 != benchmark }
    let numbers = others.filter { !otherNames.containsName(reader.header[$0]) }
    guard !numbers.isEmpty else {
      throw FileError(path, at: .line(1), "has no columns of numbers beside the query id")
    }
    var ids: [String] = []
    var benchmarks: [String] = []
    var values: [Float] = []
    try reader.forEachRow { (fields, line) throws(FileError) in
      guard !fields[id].isEmpty else { throw FileError(path, at: .line(line), "the query id is empty") }
      ids.append(fields[id])
      if let benchmark { benchmarks.append(fields[benchmark]) }
      for column in numbers {
        guard let value = Self.number(fields[column]), value.isFinite else {
          throw FileError(
            path, at: .line(line),
            "column \(FileError.excerpt(reader.header[column])): '\(FileError.excerpt(fields[column]))' is not "
              + "a finite number of single precision")
        }
        values.append(value)
      }
    }
    guard !ids.isEmpty else { throw FileError(path, "has no rows below its header") }
    let unused = others.filter { !numbers.contains($0) }.map {
      reader.header[$0].isEmpty ? "(without a name)" : reader.header[$0]
    }
    return QueryEmbeddings(
      path: path, array: NDArray(floats: values, shape: [ids.count, numbers.count]), ids: ids,
      benchmarks: benchmark == nil ? nil : benchmarks,
      unused: UnusedParts.note("columns", unused, used: "the query id, benchmark and numbers", path: path))
  }

  /// A number, with spaces around it or not.
  private static func number(_ field: String) -> Float? {
    if let value = Float(field) { return value }
    let trimmed = field.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
    return Float(String(trimmed))
  }
}
