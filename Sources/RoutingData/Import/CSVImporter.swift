import FileFormats

/// Reads graded answers from a long CSV file: one line for each pair of a query and an LLM.
public enum CSVImporter {
  /// Imports columns `query`, `llm` and `score`, and where present `benchmark` and `subscenario`.
  ///
  /// Pairs without a line stay missing. Queries and LLMs are numbered in the order of their first appearance;
  /// a query belongs to a benchmark, so two benchmarks may use one name. Row i of the optional NPY file
  /// `embeddings` belongs to the i-th query in the order of first appearance over the whole file. Without a
  /// `benchmark` column the benchmark is called as the options or the file say.
  ///
  /// - Throws: `FileError`, with the line, for a score that is not a number in [0, 1], a pair that occurs twice,
  ///   an empty name or a query in two sub-scenarios; without one for embeddings of another number of rows, or
  ///   a matrix too large and sparse for memory.
  /// - Complexity: two passes over the file; memory for the dense matrix and its mask.
  public static func load(
    _ path: String, embeddings: String? = nil, options: ImportOptions = ImportOptions()
  ) throws -> ImportResult {
    let table = try CSVTable(path: path, options: options)
    var tallies = try table.tallies()
    try table.fill(&tallies)
    var arrays: [NDArray?] = Array(repeating: nil, count: tallies.count)
    if let embeddings { arrays = try rows(of: embeddings, tallies) }
    var llms = NameIndex()
    var benchmarks: [Benchmark] = []
    for (tally, array) in zip(tallies, arrays) where table.isWanted(tally.name) {
      let columns = tally.llms.names.map { llms.index(of: $0) }
      let encoder = embeddings.map { options.encoderName(from: $0) } ?? ""
      benchmarks.append(
        try Benchmark(
          name: tally.name,
          queries: QuerySet(
            subscenarioNames: tally.subscenarioNames.names, subscenarios: tally.subscenarios,
            ids: tally.queries.names, embeddings: array.map { [encoder: $0] } ?? [:]),
          llms: columns, responses: tally.responses(),
          split: .stratified(
            subscenarios: tally.subscenarios, benchmark: tally.name, seed: options.splitSeed)))
    }
    let dataset = try Dataset(
      catalog: LLMCatalog(names: llms.names), benchmarks: benchmarks,
      sources: ["CSV \(ImportOptions.fileName(path))"])
    return ImportResult(dataset: dataset, notes: [])
  }

  /// Each benchmark's rows of an array over all queries; the whole array, still in its file, if there is one.
  private static func rows(of path: String, _ tallies: [CSVTally]) throws -> [NDArray?] {
    let array = try NPY.read(path)
    let count = tallies.reduce(0) { $0 + $1.queries.names.count }
    guard array.shape.count == 2, array.shape[0] == count else {
      throw array.error("embeddings of shape \(NDArray.text(array.shape)) for \(count) queries")
    }
    try EmbeddingCheck.requireFinite(array)
    if tallies.count == 1 { return [array] }
    let matrix = try array.matrix()
    return tallies.map { NDArray(matrix: matrix.selecting(rows: $0.positions)) }
  }
}
