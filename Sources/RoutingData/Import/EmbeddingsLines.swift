import FileFormats

/// Embeddings in JSON Lines: `{"query": "q1", "embedding": [0.1, …]}`, perhaps with a `benchmark`.
enum EmbeddingsLines {
  private static let vectorNames = ["embedding", "embed", "embeddings", "vector"]

  static func read(_ region: ByteRegion, path: String) throws(FileError) -> QueryEmbeddings {
    var ids: [String] = []
    var benchmarks: [String] = []
    var values: [Float] = []
    var width: Int?
    var unused = NameIndex()
    try JSONLines.forEach(Line.self, region: region, path: path) { (line, number) throws(FileError) in
      guard !line.id.isEmpty else { throw FileError(path, at: .line(number), "the query id is empty") }
      guard !line.vector.isEmpty, line.vector.count == width ?? line.vector.count else {
        throw FileError(
          path, at: .line(number), "an embedding of \(line.vector.count) numbers, expected \(width ?? 1)")
      }
      width = line.vector.count
      guard ids.isEmpty || (line.benchmark == nil) == benchmarks.isEmpty else {
        throw FileError(path, at: .line(number), "\"benchmark\" must be on every line or on none")
      }
      ids.append(line.id)
      if let benchmark = line.benchmark { benchmarks.append(benchmark) }
      for value in line.vector {
        let single = Float(value)
        guard single.isFinite else {
          throw FileError(path, at: .line(number), "\(value) is not a finite number of single precision")
        }
        values.append(single)
      }
      for key in line.otherKeys { _ = unused.insert(key) }
    }
    guard let width else { throw FileError(path, "has no lines") }
    return QueryEmbeddings(
      path: path, array: NDArray(floats: values, shape: [ids.count, width]), ids: ids,
      benchmarks: benchmarks.isEmpty ? nil : benchmarks,
      unused: UnusedParts.note("keys", unused.names, used: "query, embedding, benchmark", path: path))
  }

  private struct Line: Decodable {
    let id: String
    let benchmark: String?
    let vector: [Double]
    let otherKeys: [String]

    struct Key: CodingKey {
      let stringValue: String
      let intValue: Int? = nil
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      func present(_ names: [String]) -> Key? { names.map(Key.init).first { container.contains($0) } }
      let idKey = present(IDFile.columnNames) ?? Key(stringValue: IDFile.columnNames[0])
      let vectorKey = present(vectorNames) ?? Key(stringValue: vectorNames[0])
      let benchmarkKey = Key(stringValue: "benchmark")
      if let text = try? container.decode(String.self, forKey: idKey) {
        id = text
      } else {
        id = String(try container.wholeNumber(for: idKey))
      }
      vector = try container.decode([Double].self, forKey: vectorKey)
      benchmark = try container.decodeIfPresent(String.self, forKey: benchmarkKey)
      let used = [idKey, vectorKey, benchmarkKey].map(\.stringValue)
      otherKeys = container.allKeys.map(\.stringValue).filter { !used.containsName($0) }.sortedAsNames()
    }
  }
}
