import FileFormats

/// The queries of a benchmark as a file of answers names them.
struct QueryIDs {
  let benchmark: String
  let ids: NameIndex
  /// The place of each query in the order of first appearance over the whole file.
  let positions: [Int]
}

/// The embeddings of a file and the queries that they belong to.
package struct QueryEmbeddings {
  let path: String
  /// All embeddings, n × d.
  package let array: NDArray
  /// The id of each row; nil where row i is the i-th query of the answers.
  package let ids: [String]?
  /// The benchmark of each row, where the file has it.
  let benchmarks: [String]?
  /// What of the file means nothing here.
  let unused: String?

  init(path: String, array: NDArray, ids: [String]?, benchmarks: [String]? = nil, unused: String? = nil) {
    self.path = path
    self.array = array
    self.ids = ids
    self.benchmarks = benchmarks
    self.unused = unused
  }

  /// A row's query; without a benchmark it is that of any benchmark.
  private struct Key: Hashable {
    let benchmark: Name?
    let id: Name
  }

  /// Each benchmark's embeddings in the order of its queries; the whole array, still in its file, if that is it.
  ///
  /// - Throws: `FileError` for a query without an embedding or with two, an id that is in two benchmarks while the
  ///   file doesn't say in which, or another number of rows than queries where rows have no ids.
  func arrays(of queries: [QueryIDs]) throws(FileError) -> [NDArray] {
    guard let ids else { return try arraysInOrder(of: queries) }
    let rows = try rowNumbers(ids)
    if benchmarks == nil { try requireOneBenchmark(ids, queries) }
    var result: [NDArray] = []
    for benchmark in queries {
      let label = benchmarks == nil ? nil : Name(benchmark.benchmark)
      let found = benchmark.ids.names.map { rows[Key(benchmark: label, id: Name($0))] }
      let missing = benchmark.ids.names.indices.filter { found[$0] == nil }
      if let first = missing.first {
        throw FileError(
          path,
          "no embedding of \(missing.count) of the \(found.count) queries of benchmark "
            + "'\(benchmark.benchmark)'; the first is '\(FileError.excerpt(benchmark.ids.names[first]))'")
      }
      result.append(try array.selecting(rows: found.compactMap { $0 }))
    }
    return result
  }

  /// What the user should know: parts of the file, and rows, that were not used.
  func notes(_ queries: [QueryIDs]) -> [String] {
    var notes = [unused].compactMap { $0 }
    guard let ids else { return notes }
    let known = queries.reduce(into: [Name: NameIndex]()) { $0[Name($1.benchmark)] = $1.ids }
    let all = benchmarks == nil ? Set(queries.flatMap { $0.ids.names.map { Name($0) } }) : []
    let strangers = ids.indices.filter { row in
      guard let benchmarks else { return !all.contains(Name(ids[row])) }
      return known[Name(benchmarks[row])]?.contains(ids[row]) != true
    }
    if let first = strangers.first {
      notes.append(
        "\(path): not used: embeddings of \(strangers.count) queries without an answer; the first is "
          + "'\(FileError.excerpt(ids[first]))'")
    }
    return notes
  }

  /// The row of each query; every one may have only one.
  private func rowNumbers(_ ids: [String]) throws(FileError) -> [Key: Int] {
    var rows: [Key: Int] = [:]
    rows.reserveCapacity(ids.count)
    for (row, id) in ids.enumerated() {
      let key = Key(benchmark: benchmarks.map { Name($0[row]) }, id: Name(id))
      if let other = rows.updateValue(row, forKey: key) {
        throw FileError(
          path, "query '\(FileError.excerpt(id))' has two embeddings: rows \(other) and \(row), from 0")
      }
    }
    return rows
  }

  /// Throws for an id that two benchmarks use, so that its embedding could be either's.
  private func requireOneBenchmark(_ ids: [String], _ queries: [QueryIDs]) throws(FileError) {
    guard queries.count > 1 else { return }
    let embedded = Set(ids.map { Name($0) })
    var holders: [Name: String] = [:]
    for benchmark in queries {
      for id in benchmark.ids.names where embedded.contains(Name(id)) {
        guard let other = holders.updateValue(benchmark.benchmark, forKey: Name(id)) else { continue }
        throw FileError(
          path,
          "query '\(FileError.excerpt(id))' is in benchmarks '\(other)' and '\(benchmark.benchmark)': "
            + "say in a column 'benchmark' which one each embedding is of")
      }
    }
  }

  private func arraysInOrder(of queries: [QueryIDs]) throws(FileError) -> [NDArray] {
    let count = queries.reduce(0) { $0 + $1.ids.count }
    guard array.shape.count == 2, array.shape[0] == count else {
      throw array.error("embeddings of shape \(NDArray.text(array.shape)) for \(count) queries")
    }
    var result: [NDArray] = []
    for benchmark in queries { result.append(try array.selecting(rows: benchmark.positions)) }
    return result
  }
}
