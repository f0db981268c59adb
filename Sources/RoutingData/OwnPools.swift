import FileFormats
import Foundation

/// A pool that a user has put together: a name and LLMs.
public struct OwnPool: Codable, Equatable, Sendable {
  /// The name, which may be part of a path and is no group's.
  public let name: String
  /// The LLMs' names, at least two, each once.
  public let llms: [String]

  /// The pool among the LLMs of a benchmark, in ascending mean over the queries that pools are chosen on.
  ///
  /// LLMs of one mean keep the benchmark's order; one that answered none of the queries comes first.
  ///
  /// - Throws: `DataError` naming an LLM that the benchmark does not have.
  public func candidates(
    of benchmark: Benchmark, llmNames: [String], from queries: PoolQueries
  ) throws(DataError) -> CandidatePool {
    let places = NameIndex(llmNames)
    var columns: [Int] = []
    for llm in llms {
      guard let column = places[llm] else {
        throw DataError("benchmark '\(benchmark.name)' has no answers of LLM '\(llm)' of pool '\(name)'")
      }
      columns.append(column)
    }
    columns.sort()
    let chosen = benchmark.responses.selecting(llms: columns)
    let means =
      (queries == .all ? chosen : chosen.selecting(queries: benchmark.split.queries(in: .train))).llmMeans()
    let order = columns.indices.sorted { (means[$0] ?? -1, $0) < (means[$1] ?? -1, $1) }
    return CandidatePool(group: .own(Name(name)), llms: order.map { columns[$0] })
  }
}

/// A file of pools: an LLM a line; `[name]` begins another pool, and without such lines the pool has the name of the file.
///
///     [cheap]
///     org/model-a
///     org/model-b
///     [dear]
///     org/model-b
///     org/model-c
public enum OwnPoolsFile {
  /// Reads the pools; empty lines and spaces at the ends of a line don't count.
  ///
  /// `nearest` finds the LLM that a mistyped name most likely meant. Memory: some times the file.
  ///
  /// - Throws: `FileError`, with the line, for a file without LLMs, a pool of one, a pool or an LLM of a pool that stands twice, a
  ///   name that no pool can have, or an LLM that is not in the catalogue.
  public static func read(
    _ path: String, in catalog: LLMCatalog,
    nearest: (_ name: String, _ among: [String]) -> String? = { _, _ in nil }
  ) throws(FileError) -> [OwnPool] {
    var pools: [Draft] = []
    try TextLines.forEach(path: path) { (line, number) throws(FileError) in
      let word = line.trimmingCharacters(in: .whitespaces)
      guard !word.isEmpty else { return }
      if word.utf8.first == UInt8(ascii: "["), word.utf8.last == UInt8(ascii: "]"), word.utf8.count > 1 {
        return try pools.append(Draft(named: String(word.dropFirst().dropLast()), line: number, path))
      }
      if pools.isEmpty { try pools.append(Draft(named: ImportOptions.stem(of: path), line: nil, path)) }
      guard catalog.index(of: word) != nil else {
        let near = nearest(word, catalog.names).map { "; did you mean '\($0)'?" } ?? ""
        throw FileError(path, at: .line(number), "unknown LLM '\(FileError.excerpt(word))'\(near)")
      }
      guard pools[pools.count - 1].llms.insert(word) else {
        throw FileError(
          path, at: .line(number),
          "LLM '\(FileError.excerpt(word))' stands twice in pool '\(pools[pools.count - 1].name)'")
      }
    }
    guard !pools.isEmpty else { throw FileError(path, "names no LLM; write the name of one on each line") }
    if let name = NameIndex.repeated(in: pools.map(\.name)) {
      throw FileError(path, "pool '\(name)' stands twice; give each a name of its own")
    }
    for pool in pools where pool.llms.count < 2 {
      throw FileError(
        path,
        "pool '\(pool.name)' has \(pool.llms.count == 0 ? "no LLM" : "one LLM"): "
          + "a router needs two or more to choose from")
    }
    return pools.map { OwnPool(name: $0.name, llms: $0.llms.names) }
  }

  /// A pool while its lines are read.
  private struct Draft {
    let name: String
    var llms = NameIndex()

    init(named name: String, line: Int?, _ path: String) throws(FileError) {
      let isGroup = CandidateGroup(rawValue: name) != nil || ["all", "none"].contains(name)
      guard DatasetPaths.isName(name), !isGroup else {
        let reason = "'\(FileError.excerpt(name))' is no name for a pool: "
        let remedy =
          isGroup
          ? "a group is called that" : "use letters, digits, '.', '_' and '-', not beginning with '.'"
        guard let line else {
          throw FileError(path, reason + remedy + "; begin the file with a line [NAME]")
        }
        throw FileError(path, at: .line(line), reason + remedy)
      }
      self.name = name
    }
  }
}
