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
    var columns: [String: Int] = [:]
    var names: [String] = []
    for llm in file.pools.flatMap(\.names) where columns[llm] == nil {
      columns[llm] = names.count
      names.append(llm)
    }
    let embeddings = try file.embeddings().map {
      [options.encoder ?? RouterDatasetFile.defaultEncoder: NDArray(matrix: $0)]
    }
    let benchmark = try Benchmark(
      name: name,
      queries: QuerySet(
        subscenarioNames: [name], subscenarios: Array(repeating: 0, count: file.queryCount),
        embeddings: embeddings ?? [:]),
      llms: Array(names.indices), responses: try responses(file, columns: columns, names: names),
      split: file.split, publishedPools: file.candidatePools(columns: columns),
      prompts: try file.prompts().map { .memory($0) } ?? .none)
    let dataset = try Dataset(
      catalog: LLMCatalog(names: names), benchmarks: [benchmark],
      sources: ["RouterEval \(ImportOptions.fileName(path))"])
    return ImportResult(
      dataset: dataset,
      notes: [
        "\(path): the benchmark has the \(names.count) LLMs of the published pools only; pools made anew "
          + "from them differ from RouterEval's"
      ])
  }

  /// The union of the pools' columns, some rows at a time.
  private static func responses(
    _ file: RouterDatasetFile, columns: [String: Int], names: [String]
  ) throws -> ResponseMatrix {
    var builder = ResponseMatrixBuilder(queryCount: file.queryCount, llmCount: names.count)
    let places = file.pools.map { $0.names.map { columns[$0] ?? 0 } }
    var buffer: [Float] = []
    for part in file.rows.indices {
      for block in Parallel.blocks(of: file.rows[part].count, size: 256) {
        var rows = [Float?](repeating: nil, count: block.count * names.count)
        for (pool, places) in zip(file.pools, places) {
          let array = pool.scores[part]
          try array.readRows(block, into: &buffer)
          for (index, value) in buffer.enumerated() {
            let (row, offset) = index.quotientAndRemainder(dividingBy: places.count)
            let target = row * names.count + places[offset]
            let position = "row \(block.lowerBound + row), LLM '\(pool.names[offset])': score \(value)"
            guard value >= 0, value <= 1 else {
              throw array.error("\(position), expected a number in [0, 1]")
            }
            if let earlier = rows[target], earlier != value {
              throw array.error("\(position), an earlier pool has \(earlier)")
            }
            rows[target] = value
          }
        }
        let values = rows.map { $0 ?? 0 }
        for (offset, position) in block.enumerated() {
          let row = values[offset * names.count..<(offset + 1) * names.count]
          try builder.setRow(file.rows[part][position], row)
        }
      }
    }
    return builder.build()
  }
}
