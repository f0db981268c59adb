import FileFormats

/// Reads graded answers from a long CSV file: one line for each pair of a query and an LLM.
public enum CSVImporter {
  /// Imports columns `query`, `llm` and `score`, and where present `benchmark`, `subscenario`, `split` and `prompt`.
  ///
  /// Pairs without a line or with an empty score (see `MissingAnswer`) stay missing. Queries and LLMs are numbered
  /// in the order of their first appearance; a query belongs to a benchmark, so two benchmarks may use one name.
  /// Without a `benchmark` column the benchmark is called as the options or the file say; without a `split` column
  /// the split is drawn. Columns that mean nothing here are named in a note.
  ///
  /// - Parameter embeddings: the file of the queries' embeddings; each query gets those under its own id.
  /// - Throws: `FileError`, with the line, for a score that is not a number in [0, 1], a pair with two scores, an
  ///   empty name, an unknown part of a split, or a query whose lines contradict each other; without one for
  ///   embeddings that don't fit the queries, or answers too sparse for a matrix in memory.
  /// - Complexity: two passes over the file; memory for the dense matrix and its mask, at most
  ///   `ImportOptions.memoryLimit`.
  public static func load(
    _ path: String, embeddings: EmbeddingsFile? = nil, options: ImportOptions = ImportOptions()
  ) throws -> ImportResult {
    let table = try CSVTable(path: path, options: options)
    var notes = [table.unusedColumns].compactMap { $0 }
    var tallies = try table.tallies()
    var arrays: [NDArray?] = Array(repeating: nil, count: tallies.count)
    if let embeddings {
      let read = try embeddings.read()
      let queries = tallies.map {
        QueryIDs(benchmark: $0.name, ids: $0.queries, positions: $0.positions)
      }
      arrays = try read.arrays(of: queries)
      notes += read.notes(queries)
    }
    try table.fill(&tallies)
    return try ImportFailure.naming(path) {
      var llms = NameIndex()
      var benchmarks: [Benchmark] = []
      for (tally, array) in zip(tallies, arrays) where table.isWanted(tally.name) {
        let columns = tally.llms.names.map { llms.number(of: $0) }
        let encoder = embeddings.map { options.encoderName(from: $0.path) } ?? ""
        let split =
          table.hasSplit
          ? Split(parts: tally.parts)
          : .stratified(subscenarios: tally.subscenarios, benchmark: tally.name, seed: options.splitSeed)
        if table.hasSplit, let note = SplitWords.note(split, benchmark: tally.name, path: path) {
          notes.append(note)
        }
        benchmarks.append(
          try Benchmark(
            name: tally.name,
            queries: QuerySet(
              subscenarioNames: tally.subscenarioNames.names, subscenarios: tally.subscenarios,
              ids: tally.queries.names, embeddings: array.map { [encoder: $0] } ?? [:]),
            llms: columns, responses: tally.responses(), split: split,
            prompts: tally.prompts.isEmpty ? .none : .memory(tally.prompts)))
      }
      let dataset = try Dataset(
        catalog: LLMCatalog(names: llms.names), benchmarks: benchmarks,
        sources: ["CSV \(ImportOptions.fileName(path))"])
      return try ImportResult(dataset, notes: notes, path: path)
    }
  }
}
