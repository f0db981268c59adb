import FileFormats

/// Reads graded answers from a long CSV file: one line for each pair of a query and an LLM.
public enum CSVImporter {
  /// Imports columns `query`, `llm` and `score`, and where present `benchmark`, `subscenario`, `split` and `prompt`.
  ///
  /// Pairs without a line or with an empty score (see `MissingAnswer`) stay missing; see `AnswerAssembly` for the order of
  /// what is read. Columns that mean nothing here are named in a note.
  ///
  /// - Parameter embeddings: the file of the queries' embeddings; each query gets those under its own id.
  /// - Throws: `FileError`, with the line, for a score that is not a number in [0, 1], a pair with two scores that differ, an
  ///   empty name, an unknown part of a split, or a query whose lines contradict each other; without one for
  ///   embeddings that don't fit the queries, or answers too sparse for a matrix in memory.
  /// - Complexity: one pass over the file, on all threads; memory for four bytes a line and column, and for the dense matrix and
  ///   its mask, at most `ImportOptions.memoryLimit`.
  public static func load(
    _ path: String, embeddings: EmbeddingsFile? = nil, options: ImportOptions = ImportOptions()
  ) throws -> ImportResult {
    let reader = try CSVReader(path: path)
    let columns = try CSVColumns(reader)
    let notes = [UnusedParts.note("columns", columns.unused, used: CSVColumns.list, path: path)]
    return try AnswerAssembly.result(
      columns.read(reader, options: options), embeddings: embeddings, fileSize: reader.byteCount,
      source: "CSV \(ImportOptions.fileName(path))", notes: notes.compactMap { $0 }, options: options)
  }
}

extension CSVColumns {
  /// The answers of all rows.
  fileprivate func read(_ reader: CSVReader, options: ImportOptions) throws(FileError) -> AnswerColumns {
    let described = [benchmark, subscenario, split, prompt]
    let progress = RowProgress(total: reader.byteCount, report: options.progress)
    var (named, scores) = try reader.columns(
      named: [query, llm] + described.compactMap { $0 }, numbers: score,
      as: Grade.reading(scale: options.scale)
    ) { progress.advance($0) }
    let score = score
    var result = AnswerColumns(
      path: reader.path, queries: named[0], llms: named[1], scores: scores, scale: options.scale
    ) { (row) throws(FileError) in
      guard let (fields, line) = try reader.row(row) else {
        throw FileError(reader.path, "the file changed while it was read")
      }
      return AnswerColumns.Origin(path: reader.path, line: line, score: fields[score])
    }
    scores = []
    named.removeFirst(2)
    let texts = described.map { $0 == nil ? nil : named.removeFirst() }
    (result.benchmarks, result.subscenarios) = (texts[0], texts[1])
    (result.splits, result.prompts) = (texts[2], texts[3])
    result.titles = AnswerColumns.Titles(
      query: reader.header[query], llm: reader.header[llm],
      benchmark: benchmark.map { reader.header[$0] } ?? "benchmark")
    return result
  }
}
