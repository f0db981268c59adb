import FileFormats
import NumericKernels

/// The embeddings of a benchmark that grows: every encoder has one of every query.
struct MergedEmbeddings {
  private let merge: BenchmarkMerge

  init(_ merge: BenchmarkMerge) { self.merge = merge }

  private var name: String { merge.old.name }

  /// The embeddings of all queries by encoder, whether old queries got some, and the encoders that new queries have no
  /// features of yet.
  ///
  /// - Throws: `DataError` for an encoder that some queries have and others lack, embeddings of another length, or a known
  ///   query with another embedding; `FileError` for an array that can't be read.
  func merged() throws -> (arrays: [String: NDArray], hasMore: Bool, outdated: [String]) {
    let (mine, others) = (merge.old.queries.embeddings, merge.new.queries.embeddings)
    var arrays: [String: NDArray] = [:]
    var outdated: [String] = []
    for encoder in mine.keys.sortedAsNames() {
      guard let known = mine[encoder] else { continue }
      if others[encoder] == nil, !merge.added.isEmpty, merge.featurized.containsName(encoder) {
        outdated.append(encoder)
        continue
      }
      arrays[encoder] = try grown(known, by: others[encoder], encoder)
    }
    var hasMore = false
    for encoder in others.keys.sortedAsNames() where mine[encoder] == nil {
      guard let array = others[encoder] else { continue }
      arrays[encoder] = try arranged(array, encoder)
      hasMore = true
    }
    return (arrays, hasMore, outdated)
  }

  /// An encoder's embeddings of the known queries, followed by those of the added ones.
  private func grown(_ known: NDArray, by array: NDArray?, _ encoder: String) throws -> NDArray {
    let added = merge.added
    guard let array else {
      guard added.isEmpty else {
        throw DataError(
          "benchmark '\(name)': \(added.count) new queries, the first '\(FileError.excerpt(merge.ids[merge.knownCount]))', have "
            + "no embeddings of encoder '\(encoder)', which its other queries have: give them with --embeddings and "
            + "--encoder \(encoder)")
      }
      return known
    }
    guard array.shape[1] == known.shape[1] else {
      throw DataError(
        "benchmark '\(name)': embeddings of \(array.shape[1]) numbers, those of encoder '\(encoder)' in the dataset have "
          + "\(known.shape[1]): of another encoder? Name it with --encoder")
    }
    try requireSame(known, array, encoder)
    guard !added.isEmpty else { return known }
    let more = try array.selecting(rows: added)
    if more.elementType == known.elementType { return try known.appending(more) }
    return NDArray(matrix: .stacked([try known.matrix(), try more.matrix()]))
  }

  /// The same query has the same embedding, up to the precision it is kept in: else it is another encoder's.
  private func requireSame(_ known: NDArray, _ array: NDArray, _ encoder: String) throws {
    let shared = merge.rows.indices.filter { merge.rows[$0] < merge.knownCount }
    let mine = try known.selecting(rows: shared.map { merge.rows[$0] }).matrix()
    let others = try array.selecting(rows: shared).matrix()
    for (place, source) in shared.enumerated() {
      var (difference, size) = (0.0, 0.0)
      for (left, right) in zip(mine.row(place), others.row(place)) {
        difference += Double(left - right) * Double(left - right)
        size += Double(left) * Double(left)
      }
      guard difference > 1e-4 * size else { continue }
      throw DataError(
        "benchmark '\(name)', query '\(FileError.excerpt(merge.ids[merge.rows[source]]))' has another embedding of encoder "
          + "'\(encoder)' in the dataset: of another encoder? Name it with --encoder")
    }
  }

  /// A new encoder's embeddings in the order of the merged queries, of which it must have all.
  private func arranged(_ array: NDArray, _ encoder: String) throws -> NDArray {
    guard merge.rows.count == merge.ids.count else {
      throw DataError(
        "benchmark '\(name)': embeddings of encoder '\(encoder)' for \(merge.rows.count) of its \(merge.ids.count) queries: "
          + "give those of all, or name the encoder of the dataset with --encoder")
    }
    var sources = [Int](repeating: 0, count: merge.rows.count)
    for (source, row) in merge.rows.enumerated() { sources[row] = source }
    return try array.selecting(rows: sources)
  }
}
