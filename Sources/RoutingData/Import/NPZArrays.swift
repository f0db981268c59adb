import FileFormats

/// The arrays of an archive of answers by what they mean; keeps track of those that mean nothing.
struct NPZArrays {
  /// What an array of embeddings may be called; behind one of these and `_`, `-`, `.` or `/` stands its encoder.
  static let embeddingNames = ["embed", "embeddings", "embedding"]
  /// The arrays with a meaning, as notes list them.
  static let list =
    "scores, models, prompts, subscenario, benchmark, split, item_id, embed, embed_<encoder>, encoder"

  private let archive: NPZ
  private let queryCount: Int
  private var used = NameIndex(["scores", "models"])

  /// The arrays of an archive whose scores have this number of queries.
  init(_ archive: NPZ, queryCount: Int) {
    self.archive = archive
    self.queryCount = queryCount
  }

  /// A note on the arrays that were not asked for.
  func unused(path: String) -> String? {
    UnusedParts.note(
      "arrays", archive.names.filter { !used.contains($0) } + archive.otherMembers, used: Self.list,
      path: path)
  }

  /// The texts of an array with one for each query, which may have any of these names; nil where there is none.
  ///
  /// - Throws: `FileError` for two such arrays, another type or another length.
  mutating func texts(_ names: [String]) throws(FileError) -> [String]? {
    guard let array = try array(names) else { return nil }
    return try array.strings()
  }

  /// The benchmark of each query: what the array that is chosen says, or one that is called so; nil without one.
  ///
  /// - Throws: `FileError` for an array that is chosen and not there, another type or another length.
  mutating func benchmarks(from chosen: String?) throws(FileError) -> [String]? {
    guard let chosen else { return try texts(["benchmark", "benchmarks"]) }
    guard archive.names.containsName(chosen) else {
      throw FileError(
        archive.path,
        "has no array '\(chosen)' of benchmarks; it has \(archive.names.joined(separator: ", "))")
    }
    return try texts([chosen])
  }

  /// The ids of the queries: texts, or whole numbers in decimal.
  mutating func ids() throws(FileError) -> [String]? {
    guard let array = try array(IDFile.arrayNames) else { return nil }
    return try IDFile.ids(array)
  }

  /// The part of each query, by its word or by 0, 1, 2 as a dataset folder has it.
  mutating func split() throws(FileError) -> [SplitPart]? {
    guard let array = try array(["split", "splits"]) else { return nil }
    var parts: [SplitPart] = []
    if case .unicode = array.elementType {
      for (row, word) in try array.strings().enumerated() {
        guard let part = SplitWords.part(word) else {
          throw array.error(
            "element \(row): split '\(FileError.excerpt(word))' is not one of \(SplitWords.list)")
        }
        parts.append(part)
      }
      return parts
    }
    for (row, code) in try array.integers().enumerated() {
      guard let part = UInt8(exactly: code).flatMap(SplitPart.init(rawValue:)) else {
        throw array.error("element \(row) is \(code), expected 0 train, 1 validation or 2 test")
      }
      parts.append(part)
    }
    return parts
  }

  /// The embeddings by encoder.
  ///
  /// An encoder is called as its array's name says behind `embed_`; the one of a plain `embed` as `wanted`, an array
  /// `encoder` of one text, or the array itself says.
  ///
  /// - Throws: `FileError` for another shape, a number that is not finite, or two encoders of one name.
  mutating func embeddings(encoder wanted: String?) throws(FileError) -> [String: NDArray] {
    let own = try encoderName()
    let names = archive.names.filter { Self.isEmbedding($0) }
    if let wanted, names.count > 1 {
      throw FileError(
        archive.path,
        "has \(names.count) arrays of embeddings, which --encoder \(wanted) can't all name: "
          + names.joined(separator: ", "))
    }
    var result: [String: NDArray] = [:]
    for name in names {
      _ = used.insert(name)
      let array = try archive.array(named: name)
      guard array.shape.count == 2, array.shape[0] == queryCount else {
        throw array.error("embeddings of shape \(NDArray.text(array.shape)) for \(queryCount) queries")
      }
      try EmbeddingCheck.requireFinite(array)
      let encoder = wanted ?? Self.encoder(of: name) ?? own ?? name
      guard DatasetPaths.isName(encoder) else {
        throw array.error("encoder name '\(encoder)' can't be part of a path; choose another with --encoder")
      }
      guard result.updateValue(array, forKey: encoder) == nil else {
        throw array.error("encoder '\(encoder)' has embeddings already: name another one")
      }
    }
    return result
  }

  /// The one text of an array `encoder`.
  private mutating func encoderName() throws(FileError) -> String? {
    guard let name = ["encoder", "encoders"].first(where: { archive.names.containsName($0) }) else {
      return nil
    }
    _ = used.insert(name)
    let array = try archive.array(named: name)
    guard array.count == 1 else { throw array.error("shape \(NDArray.text(array.shape)), expected one name") }
    return try array.strings().first
  }

  private static func isEmbedding(_ name: String) -> Bool {
    embeddingNames.containsName(name) || encoder(of: name) != nil
  }

  private static func encoder(of name: String) -> String? {
    for stem in embeddingNames where name.utf8.starts(with: stem.utf8) {
      let rest = name.utf8.dropFirst(stem.utf8.count)
      guard let separator = rest.first, "_-./".utf8.contains(separator), rest.count > 1 else { continue }
      return String(Substring(rest.dropFirst()))
    }
    return nil
  }

  private mutating func array(_ names: [String]) throws(FileError) -> NDArray? {
    let present = names.filter { archive.names.containsName($0) }
    guard let name = present.first else { return nil }
    guard present.count == 1 else {
      throw FileError(
        archive.path, at: .key(name), "means the same as \(present[1]), which is there too: leave one out")
    }
    _ = used.insert(name)
    let array = try archive.array(named: name)
    guard array.shape == [queryCount] else {
      throw array.error("shape \(NDArray.text(array.shape)) for \(queryCount) queries")
    }
    return array
  }
}
