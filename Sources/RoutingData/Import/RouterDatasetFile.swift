import FileFormats
import NumericKernels

/// An open `*_router_dataset.pkl`: published pools, split, embeddings and prompts of one benchmark.
struct RouterDatasetFile {
  static let suffix = "_router_dataset"
  private static let keys = ["easy", "hard", "split_index", "embedding", "prompt"]
  private static let partNames = ["train", "val", "test"]

  /// A published pool: its LLMs by name and its scores, queries of a part × LLMs, for each part.
  struct Pool {
    let group: CandidateGroup
    let names: [String]
    let scores: [NDArray]
  }

  let path: String
  let pools: [Pool]
  /// The benchmark's rows that each part holds, in the order of the part's arrays.
  let rows: [[Int]]
  let root: PickleValue
  /// What the user should know of parts that were not used.
  let notes: [String]
  private let document: PickleDocument

  /// The number of queries of all parts.
  var queryCount: Int { rows.reduce(0) { $0 + $1.count } }

  /// Opens a file and checks that its parts fit together.
  ///
  /// - Throws: `FileError`, with the key path, for another structure, indices that are no split of the rows, or
  ///   scores of another shape than the split and the pool say.
  init(path: String) throws(FileError) {
    self.path = path
    document = try PickleDocument(path: path)
    root = document.root
    rows = try Self.rows(root["split_index"])
    var pools: [Pool] = []
    var expansion = PickleExpansion(document)
    var unused: [String] = []
    for (key, _) in try root.dictionary() {
      let name = try key.string()
      if !Self.keys.containsName(name) { unused.append(name) }
    }
    let groupNames = CandidateGroup.allCases.map(\.rawValue)
    for level in ["easy", "hard"] where root.hasKey(level) {
      for (size, groups) in try root[level].dictionary() {
        for (key, _) in try groups.dictionary() {
          let name = try key.string()
          if !groupNames.containsName(name) { unused.append("\(size.keyPath)/\(name)") }
        }
        for group in CandidateGroup.allCases where groups.hasKey(group.rawValue) {
          pools.append(try Self.pool(group, groups[group.rawValue], rows: rows, &expansion))
        }
      }
    }
    notes = [
      UnusedParts.note(
        "keys", unused, used: (Self.keys + groupNames).joined(separator: ", "), path: path)
    ].compactMap { $0 }
    guard !pools.isEmpty else { throw root.error("holds no pools under 'easy' or 'hard'") }
    self.pools = pools
  }

  private static func rows(_ split: PickleValue) throws(FileError) -> [[Int]] {
    var rows: [[Int]] = []
    for name in partNames { rows.append(try split["\(name)_indices"].ndarray().integers()) }
    let count = rows.reduce(0) { $0 + $1.count }
    var seen = [Bool](repeating: false, count: count)
    for (name, indices) in zip(partNames, rows) {
      for (position, row) in indices.enumerated() {
        guard seen.indices.contains(row), !seen[row] else {
          throw try split["\(name)_indices"].error(
            "element \(position) is \(row), expected each of 0 to \(count - 1) once over all parts")
        }
        seen[row] = true
      }
    }
    guard count > 0 else { throw split.error("splits no queries") }
    return rows
  }

  private static func pool(
    _ group: CandidateGroup, _ value: PickleValue, rows: [[Int]], _ expansion: inout PickleExpansion
  ) throws(FileError) -> Pool {
    let names = try expansion.strings(value["model"])
    guard NameIndex.repeated(in: names) == nil, !names.isEmpty, !names.contains(where: \.isEmpty) else {
      throw try value["model"].error("the pool is empty, or an LLM occurs twice or has no name")
    }
    var scores: [NDArray] = []
    for (name, indices) in zip(partNames, rows) {
      let array = try expansion.ndarray(value["data"]["\(name)_score"])
      guard array.shape == [indices.count, names.count] else {
        throw array.error(
          "scores of shape \(NDArray.text(array.shape)), "
            + "the split and the pool need \(NDArray.text([indices.count, names.count]))")
      }
      scores.append(array)
    }
    return Pool(group: group, names: names, scores: scores)
  }

  /// The published split.
  var split: Split {
    var parts = [SplitPart](repeating: .train, count: queryCount)
    for (part, indices) in zip(SplitPart.allCases, rows) {
      for row in indices { parts[row] = part }
    }
    return Split(parts: parts, origin: .published)
  }

  /// The embeddings in the order of the benchmark's rows, n × d, or nil where there are none.
  func embeddings() throws(FileError) -> Matrix? {
    guard root.hasKey("embedding") else { return nil }
    var result: Matrix?
    var expansion = PickleExpansion(document)
    for (name, indices) in zip(Self.partNames, rows) {
      let array = try expansion.ndarray(root["embedding"]["\(name)_embed"])
      let columns = result?.columns ?? array.shape.last ?? 0
      guard array.shape == [indices.count, columns] else {
        throw array.error(
          "embeddings of shape \(NDArray.text(array.shape)), "
            + "expected \(NDArray.text([indices.count, columns]))")
      }
      try EmbeddingCheck.requireFinite(array)
      let matrix = try array.matrix()
      result = result ?? Matrix(rows: queryCount, columns: columns)
      result?.replaceRows(at: indices, with: matrix)
    }
    return result
  }

  /// The prompts in the order of the benchmark's rows, or nil where there are none.
  func prompts() throws(FileError) -> [String]? {
    guard root.hasKey("prompt") else { return nil }
    var result = [String](repeating: "", count: queryCount)
    var expansion = PickleExpansion(document)
    for (name, indices) in zip(Self.partNames, rows) {
      let value = try root["prompt"]["\(name)_prompt"]
      let texts = try expansion.strings(value)
      guard texts.count == indices.count else {
        throw value.error("\(texts.count) prompts, the split has \(indices.count) queries there")
      }
      for (row, text) in zip(indices, texts) { result[row] = text }
    }
    return result
  }
}
