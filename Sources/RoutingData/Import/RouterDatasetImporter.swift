import FileFormats
import NumericKernels

/// Reads RouterEval's `*_router_dataset.pkl` without the score files it was made from.
///
/// To give its pools and split to imported score files, see `RouterEvalFiles.routerDatasets`.
public enum RouterDatasetImporter {
  /// Puts a benchmark together from the scores of its published pools.
  ///
  /// Its LLMs are those of the pools, in the order of first appearance; its only sub-scenario has the
  /// benchmark's name, since the file doesn't say more.
  ///
  /// - Throws: `FileError`, with the key path, for another structure, a split or scores that don't fit
  ///   together, scores outside [0, 1], or pools that disagree about the scores of a shared LLM.
  public static func load(_ path: String, options: ImportOptions = ImportOptions()) throws -> ImportResult {
    let file = try RouterDatasetFile(path: path)
    let name = options.benchmarkName(from: path, dropping: RouterDatasetFile.suffix)
    let columns = NameIndex(file.pools.flatMap(\.names))
    let names = columns.names
    let embeddings = try file.embeddings().map {
      [options.encoder ?? RouterDatasetFile.defaultEncoder: NDArray(matrix: $0)]
    }
    let benchmark = try ImportFailure.naming(path) {
      try Benchmark(
        name: name,
        queries: QuerySet(
          subscenarioNames: [name], subscenarios: Array(repeating: 0, count: file.queryCount),
          embeddings: embeddings ?? [:]),
        llms: Array(names.indices), responses: try responses(file, columns: columns),
        split: file.split, publishedPools: file.candidatePools(columns: columns),
        prompts: try file.prompts().map { .memory($0) } ?? .none)
    }
    let dataset = try Dataset(
      catalog: LLMCatalog(names: names), benchmarks: [benchmark],
      sources: ["RouterEval \(ImportOptions.fileName(path))"])
    return try ImportResult(
      dataset,
      notes: file.notes + [
        "\(path): the benchmark has the \(names.count) LLMs of the published pools only; pools made anew "
          + "from them differ from RouterEval's"
      ], path: path)
  }

  /// The union of the pools' columns, some rows at a time.
  private static func responses(
    _ file: RouterDatasetFile, columns: NameIndex
  ) throws -> ResponseMatrix {
    var builder = ResponseMatrixBuilder(queryCount: file.queryCount, llmCount: columns.count)
    let count = columns.count
    let places = file.pools.map { $0.names.map { columns[$0] ?? 0 } }
    var buffer: [Float] = []
    for part in file.rows.indices {
      for block in Parallel.blocks(of: file.rows[part].count, size: 256) {
        var rows = [Float?](repeating: nil, count: block.count * count)
        for (pool, places) in zip(file.pools, places) {
          let array = pool.scores[part]
          try array.readRows(block, into: &buffer)
          for (index, value) in buffer.enumerated() {
            let (row, offset) = index.quotientAndRemainder(dividingBy: places.count)
            let target = row * count + places[offset]
            let position = "row \(block.lowerBound + row), LLM '\(pool.names[offset])': score \(value)"
            guard (value >= 0 && value <= 1) || value.isNaN else {
              throw array.error("\(position), expected a number in [0, 1]")
            }
            if let earlier = rows[target], earlier != value, !(earlier.isNaN && value.isNaN) {
              throw array.error("\(position), an earlier pool has \(earlier)")
            }
            rows[target] = value
          }
        }
        let values = rows.map { $0 ?? .nan }
        for (offset, position) in block.enumerated() {
          let row = values[offset * count..<(offset + 1) * count]
          try builder.setRow(file.rows[part][position], row)
        }
      }
    }
    return builder.build()
  }
}
