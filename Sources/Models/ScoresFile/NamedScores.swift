import FileFormats
import RoutingData

/// Scores in rows of queries and columns of LLMs, with the names of either where the file gives them.
///
/// With named columns one file serves every pool whose LLMs it has.
struct NamedScores: Sendable {
  /// The names of rows or columns, and where the file has them.
  struct Names: Sendable {
    let names: [String]
    let place: FileError.Place
  }

  let path: String
  let rowCount: Int
  let columnCount: Int
  /// Row by row.
  let numbers: [Double]
  /// The LLMs of the columns; nil for those of a pool in its order.
  let llms: Names?
  /// The ids of the rows; nil for the queries of a part in their order.
  let ids: Names?

  /// The scores of a pool, queries × LLMs in the pool's order.
  ///
  /// - Throws: `FileError` for LLMs or queries that the file lacks, with their number, names or ids twice, another shape where
  ///   it names none, or a score that is not finite.
  func scores(of pool: [String], _ queries: MeasuredQueries) throws(FileError) -> ExactScores {
    if llms == nil && ids == nil {
      try requireShape(queries, columns: pool.count)
    }
    let columns = try columns(of: pool, queries.benchmark)
    let rows = try rows(of: queries)
    var selected: [Double] = []
    selected.reserveCapacity(rows.count * columns.count)
    for row in rows {
      for column in columns {
        let number = numbers[row * columnCount + column]
        guard number.isFinite else {
          let name = llms.map { " (LLM '\(FileError.excerpt($0.names[column]))')" } ?? ""
          throw FileError(
            path, "row \(row), column \(column)\(name): a score of \(number), expected a finite number")
        }
        selected.append(number)
      }
    }
    return ExactScores(rows: rows.count, columns: columns.count, numbers: selected)
  }

  private func requireShape(
    _ queries: MeasuredQueries, columns: Int
  ) throws(FileError) {
    guard rowCount == queries.count, columnCount == columns else {
      throw FileError(
        path,
        "scores of shape \(NDArray.text([rowCount, columnCount])), expected \(NDArray.text([queries.count, columns])): "
          + "\(queries.description) × the LLMs of the pool")
    }
  }

  private func columns(of pool: [String], _ benchmark: Benchmark) throws(FileError) -> [Int] {
    guard let llms else {
      guard columnCount == pool.count else {
        throw FileError(
          path, "scores of \(columnCount) LLMs without names, expected the \(pool.count) of the pool")
      }
      return Array(pool.indices)
    }
    if let name = NameIndex.repeated(in: llms.names) {
      throw FileError(path, at: llms.place, "LLM '\(FileError.excerpt(name))' occurs twice")
    }
    let known = NameIndex(llms.names)
    let missing = pool.filter { !known.contains($0) }
    guard missing.isEmpty else {
      throw FileError(
        path, at: llms.place,
        "has no scores of \(missing.count) of the \(pool.count) LLMs of a pool of benchmark '\(benchmark.name)': "
          + Self.list(missing))
    }
    return pool.compactMap { known[$0] }
  }

  private func rows(of queries: MeasuredQueries) throws(FileError) -> [Int] {
    guard let ids else {
      guard rowCount == queries.count else {
        throw FileError(path, "\(rowCount) rows of scores, expected \(queries.count): \(queries.description)")
      }
      return Array(0..<rowCount)
    }
    return try queries.places(in: ids.names) { FileError(path, at: ids.place, $0) }
  }

  /// The first of some names, and how many more there are.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(5).map { FileError.excerpt($0) }.joined(separator: ", ")
    return names.count > 5 ? "\(shown), … (\(names.count) in all)" : shown
  }

  /// What of the file no benchmark of a run can use: columns of no LLM of theirs, rows of no query; nil where there is none.
  ///
  /// - Throws: `FileError` for ids of a benchmark that do not read.
  func note(_ benchmarks: [Benchmark], catalog: LLMCatalog) throws(FileError) -> String? {
    var parts: [String] = []
    if let llms {
      let known = NameIndex(benchmarks.flatMap { $0.llms.map { catalog.names[$0] } })
      let strange = llms.names.filter { !known.contains($0) }
      if !strange.isEmpty {
        parts.append("columns of \(strange.count) LLMs that no benchmark has: \(Self.list(strange))")
      }
    }
    if let ids {
      var known = NameIndex()
      for benchmark in benchmarks {
        for id in try benchmark.loadIDs() ?? [] { _ = known.number(of: id) }
      }
      let strange = ids.names.filter { !known.contains($0) }
      if !strange.isEmpty {
        parts.append("rows of \(strange.count) queries that no benchmark has: \(Self.list(strange))")
      }
    }
    return parts.isEmpty ? nil : "\(path): not used: \(parts.joined(separator: "; "))"
  }
}
