import FileFormats

/// Reads graded answers from a table of text: CSV, long or wide, or JSON Lines.
public enum CSVImporter {
  /// Imports columns `query`, `llm` and `score`, and where present `benchmark`, `subscenario`, `split`, `prompt` and `cost`.
  ///
  /// JSON Lines have keys instead of columns, and are told by what the file holds. A wide table has one row a query and one
  /// column an LLM, or the other way round, as `options.wide` says. Pairs without a line or with an empty score (see
  /// `MissingAnswer`) stay missing; see `AnswerAssembly` for the order of what is read. Columns that mean nothing here are
  /// named in a note.
  ///
  /// - Parameter embeddings: the file of the queries' embeddings; each query gets those under its own id.
  /// - Throws: `FileError`, with the line, for a score that is not a number in [0, 1], a cost that is not one from 0 on, a pair with two that differ, an
  ///   empty name, an unknown part of a split, or a query whose lines contradict each other; without one for
  ///   embeddings that don't fit the queries, or answers too sparse for a matrix in memory.
  /// - Complexity: one pass over the file, on all threads; memory for about 24 bytes an answer and 12 a describing column of it, and for the dense matrix,
  ///   its mask and the costs, at most `ImportOptions.memoryLimit`.
  public static func load(
    _ path: String, embeddings: EmbeddingsFile? = nil, options: ImportOptions = ImportOptions()
  ) throws -> ImportResult {
    let region = try ByteRegion(unpacking: path)
    let (columns, note) = try read(region, path: path, options: options)
    return try AnswerAssembly.result(
      columns, embeddings: embeddings, fileSize: region.count, source: "CSV \(ImportOptions.fileName(path))",
      notes: [note].compactMap(\.self), options: options)
  }

  /// The answers, and a note on how they were read.
  private static func read(
    _ region: ByteRegion, path: String, options: ImportOptions
  ) throws(FileError) -> (AnswerColumns, note: String?) {
    switch FileKind(region) {
    case .npz:
      throw FileError(
        path, "is an NPZ archive, expected a table of text: import it with 'rs-data import npz'")
    case .json:
      guard options.wide == nil else {
        throw FileError(path, "is JSON Lines, which have no wide form: leave out --wide, or give a CSV file")
      }
      let (columns, unused) = try AnswerLines.read(region, path: path, options: options)
      return (columns, UnusedParts.note("keys", unused, used: AnswerHeader.list, path: path))
    default:
      let reader = try CSVReader(region: region, path: path)
      if let rows = options.wide {
        let table = try WideTable(reader, rows: rows, names: options.columns)
        let columns = try table.read(options: options)
        return (columns, table.note(columns))
      }
      let header = try AnswerHeader(reader.header, names: options.columns, path: path)
      let unused = header.others.map { reader.header[$0] }
      return (
        try header.read(reader, options: options),
        UnusedParts.note("columns", unused, used: AnswerHeader.list, path: path)
      )
    }
  }
}

extension AnswerHeader {
  /// The answers of all rows of a long table.
  fileprivate func read(_ reader: CSVReader, options: ImportOptions) throws(FileError) -> AnswerColumns {
    let described = [benchmark, subscenario, split, prompt]
    let progress = RowProgress(total: reader.byteCount, report: options.progress)
    let (query, llm, score) = (query ?? 0, llm ?? 0, score ?? 0)
    let (named, numbers) = try reader.columns(
      named: [query, llm] + described.compactMap { $0 },
      numbers: [NumberColumns([score], as: Grade.reading(scale: options.scale))]
        + (cost.map { [NumberColumns([$0], as: AnswerCost.reading)] } ?? [])
    ) { progress.advance($0) }
    var result = AnswerColumns(
      path: reader.path, queries: named[0], llms: named[1], scores: numbers[0], scale: options.scale
    ) { (row) throws(FileError) in
      guard let (fields, line) = try reader.row(row) else {
        throw FileError(reader.path, "the file changed while it was read")
      }
      return AnswerColumns.Origin(
        path: reader.path, line: line, score: fields[score], cost: cost.map { fields[$0] } ?? "")
    }
    result.costs = cost.map { _ in numbers[1] }
    var rest = named.dropFirst(2)
    let texts = described.map { $0 == nil ? nil : rest.popFirst() }
    (result.benchmarks, result.subscenarios) = (texts[0], texts[1])
    (result.splits, result.prompts) = (texts[2], texts[3])
    result.titles = AnswerColumns.Titles(
      query: reader.header[query], llm: reader.header[llm],
      benchmark: benchmark.map { reader.header[$0] } ?? "benchmark")
    return result
  }
}
