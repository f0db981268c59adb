import FileFormats
import NumericKernels

extension RouterDatasetFile {
  /// A benchmark with the published split and pools in place of its own.
  ///
  /// - Throws: `FileError` where pool scores, embeddings or the number of queries differ from the benchmark's.
  func publish(into benchmark: Benchmark, llmNames: [String], options: ImportOptions) throws -> Benchmark {
    guard queryCount == benchmark.queries.count else {
      throw FileError(
        path, at: .key("split_index"),
        "splits \(queryCount) queries, benchmark '\(benchmark.name)' has \(benchmark.queries.count)")
    }
    let columns = NameIndex(benchmark.llms.map { llmNames[$0] })
    let pools = try candidatePools(columns: columns)
    for (pool, candidates) in zip(self.pools, pools) {
      try requireEqual(pool, columns: candidates.llms, benchmark.responses)
    }
    var queries = benchmark.queries
    if let matrix = try embeddings() {
      let encoder = options.encoder ?? Self.onlyEncoder(of: queries)
      if let own = queries.embeddings[encoder] {
        try requireEqual(matrix, own, encoder: encoder)
      } else {
        queries = queries.with(embeddings: NDArray(matrix: matrix), of: encoder)
      }
    }
    var prompts = benchmark.prompts
    if case .none = prompts, let texts = try self.prompts() { prompts = .memory(texts) }
    return try benchmark.with(queries: queries, split: split, publishedPools: pools, prompts: prompts)
  }

  /// The encoder that a file's embeddings are taken to come from, where nobody says it.
  static let defaultEncoder = "router_dataset"

  private static func onlyEncoder(of queries: QuerySet) -> String {
    queries.embeddings.count == 1 ? queries.embeddings.keys.first ?? defaultEncoder : defaultEncoder
  }

  /// The published pools as columns of a matrix whose columns have these names.
  func candidatePools(columns: NameIndex) throws(FileError) -> [CandidatePool] {
    var result: [CandidatePool] = []
    for pool in pools {
      var llms: [Int] = []
      for name in pool.names {
        guard let column = columns[name] else {
          throw pool.scores[0].error("LLM '\(name)' of the pool is not in the score file")
        }
        llms.append(column)
      }
      result.append(CandidatePool(group: pool.group, llms: llms))
    }
    return result
  }

  /// Throws at the first score that differs from the benchmark's.
  private func requireEqual(
    _ pool: Pool, columns: [Int], _ responses: ResponseMatrix
  ) throws(FileError) {
    var buffer: [Float] = []
    for (array, indices) in zip(pool.scores, rows) {
      for block in Parallel.blocks(of: indices.count, size: 1024) {
        try array.readRows(block, into: &buffer)
        for position in block {
          for (offset, column) in columns.enumerated() {
            let value = buffer[(position - block.lowerBound) * columns.count + offset]
            let own = responses[indices[position], column]
            guard own == value || (own == nil && value.isNaN) else {
              throw array.error(
                "row \(position), LLM '\(pool.names[offset])': score \(value), "
                  + "the score file has \(own.map { "\($0)" } ?? "none") for query \(indices[position])")
            }
          }
        }
      }
    }
  }

  /// Throws at the first query whose embedding differs from the benchmark's.
  private func requireEqual(_ matrix: Matrix, _ array: NDArray, encoder: String) throws(FileError) {
    guard array.shape == [matrix.rows, matrix.columns] else {
      throw FileError(
        path, at: .key("embedding"),
        "shape \(matrix.shapeText), encoder '\(encoder)' has \(NDArray.text(array.shape)): name another encoder"
      )
    }
    let own = try array.matrix()
    let differs = zip(matrix.storage, own.storage).enumerated().first { abs($1.0 - $1.1) > 1e-5 }
    if let differs {
      throw FileError(
        path, at: .key("embedding"),
        "query \(differs.offset / matrix.columns) has another embedding than encoder '\(encoder)' gives it: "
          + "name another encoder")
    }
  }
}
