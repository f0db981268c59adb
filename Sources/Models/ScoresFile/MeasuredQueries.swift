import FileFormats
import RoutingData

/// The queries that a scores file is read for: those of one part of a benchmark, ascending.
struct MeasuredQueries {
  let benchmark: Benchmark
  let part: SplitPart
  /// The rows of the benchmark.
  let rows: [Int]

  init(_ benchmark: Benchmark, _ part: SplitPart) {
    self.benchmark = benchmark
    self.part = part
    rows = benchmark.split.queries(in: part)
  }

  var count: Int { rows.count }

  /// How errors call them.
  var description: String { "the \(part.name) queries of benchmark '\(benchmark.name)'" }

  /// For each query the place of its id among the ids of a file.
  ///
  /// `error` makes of a reason one that names the file and the array or column.
  ///
  /// - Throws: `FileError` for a benchmark without ids, an id of two queries, two rows of one id, or a query without
  ///   a row.
  func places(in ids: [String], error: (String) -> FileError) throws(FileError) -> [Int] {
    guard let known = try benchmark.loadIDs() else {
      throw error(
        "has query ids, but benchmark '\(benchmark.name)' has none: leave them out and order the rows as its queries"
      )
    }
    let own = rows.map { known[$0] }
    if let id = NameIndex.repeated(in: own) {
      throw error(
        "\(description): two have the id '\(FileError.excerpt(id))', so that ids can't tell rows apart: leave them out "
          + "and order the rows as the queries")
    }
    if let id = NameIndex.repeated(in: ids) {
      throw error("query id '\(FileError.excerpt(id))' occurs twice")
    }
    let index = NameIndex(ids)
    let missing = own.filter { !index.contains($0) }
    guard missing.isEmpty else {
      throw error(
        "has no scores for \(missing.count) of the \(own.count) \(part.name) queries of benchmark '\(benchmark.name)': "
          + NamedScores.list(missing))
    }
    return own.compactMap { index[$0] }
  }
}
