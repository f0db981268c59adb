import FileFormats

/// One line of a dataset folder's `prompts/<benchmark>.jsonl`: what is known of a query in words.
struct QueryTextLine: Codable, Equatable {
  /// The source's own id.
  var id: String?
  /// The name of the sub-scenario.
  var subscenario: String
  /// The text that the LLMs were given.
  var prompt: String?
}

extension Benchmark {
  /// The prompts, one for each query; nil where none are known.
  ///
  /// Reads the file of a dataset folder at each call.
  ///
  /// - Throws: `FileError`, with the line, for a file that is damaged or of another length than the benchmark.
  public func loadPrompts() throws(FileError) -> [String]? {
    if let mix { return try mix.prompts() }
    switch prompts {
    case .none: return nil
    case .memory(let texts): return texts
    case .file(let path): return try column(\.prompt, of: path, key: "prompt")
    }
  }

  /// The source's ids, one for each query; nil where it has none.
  ///
  /// Reads the file of a dataset folder at each call.
  ///
  /// - Throws: `FileError` as `loadPrompts`.
  public func loadIDs() throws(FileError) -> [String]? {
    if let mix { return try mix.ids() }
    if let ids = queries.ids { return ids }
    guard case .file(let path) = prompts else { return nil }
    return try column(\.id, of: path, key: "id")
  }

  /// One key of each line; nil if no line has it.
  private func column(
    _ key: KeyPath<QueryTextLine, String?>, of path: String, key name: String
  ) throws(FileError) -> [String]? {
    var result: [String] = []
    result.reserveCapacity(queries.count)
    try forEachTextLine(of: path) { (line, query, number) throws(FileError) in
      if let text = line[keyPath: key] {
        guard result.count == query else {
          throw FileError(path, at: .line(number), "has \"\(name)\", but lines before it don't")
        }
        result.append(text)
      } else if !result.isEmpty {
        throw FileError(path, at: .line(number), "\"\(name)\" is missing")
      }
    }
    return result.isEmpty ? nil : result
  }

  /// Gives each line, its query and its line number to a closure.
  ///
  /// - Throws: `FileError` for another number of lines than queries, or a query's sub-scenario that is not the
  ///   benchmark's.
  func forEachTextLine(
    of path: String, _ body: (QueryTextLine, _ query: Int, _ number: Int) throws(FileError) -> Void
  ) throws(FileError) {
    var query = 0
    try JSONLines.forEach(QueryTextLine.self, path: path) { (line, number) throws(FileError) in
      guard query < queries.count else {
        throw FileError(path, at: .line(number), "the benchmark has only \(queries.count) queries")
      }
      let expected = queries.subscenarioNames[queries.subscenarios[query]]
      guard Name(line.subscenario) == Name(expected) else {
        throw FileError(
          path, at: .line(number), "sub-scenario '\(line.subscenario)', expected '\(expected)'")
      }
      try body(line, query, number)
      query += 1
    }
    guard query == queries.count else {
      throw FileError(path, "\(query) lines, the benchmark has \(queries.count) queries")
    }
  }
}
