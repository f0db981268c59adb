import FileFormats
import NumericKernels

/// Makes a dataset of rows of graded answers, whatever kind of file they come from.
enum AnswerAssembly {
  /// The dataset, with the embeddings where there are some.
  ///
  /// Queries and LLMs are numbered in the order of their first appearance; a query belongs to a benchmark, so two
  /// benchmarks may use one name. Without a column of benchmarks the benchmark is called as the options or the file say;
  /// without one of splits the split is drawn.
  ///
  /// - Parameters:
  ///   - fileSize: the bytes that the answers stood in, which bound those of the matrices.
  ///   - source: what the dataset calls its source.
  /// - Throws: `FileError`, with the line, for rows that are no answers or contradict each other; without one for
  ///   embeddings that don't fit the queries, or answers too sparse for a matrix in memory.
  static func result(
    _ columns: AnswerColumns, embeddings: EmbeddingsFile? = nil, fileSize: Int, source: String,
    notes: [String],
    options: ImportOptions
  ) throws -> ImportResult {
    let path = columns.path
    let table = try AnswerTable(columns, defaultName: options.benchmarkName(from: path))
    var notes = notes
    if options.scale != 1, let note = smallGrades(columns, options.scale) { notes.append(note) }
    var arrays: [NDArray?] = Array(repeating: nil, count: table.tallies.count)
    if let embeddings {
      let read = try embeddings.read()
      let queries = table.queryIDs()
      arrays = try read.arrays(of: queries)
      notes += read.notes(queries)
    }
    let wanted = try self.wanted(table, options)
    try requireMemory(table, wanted, limit: options.memoryLimit(fileSize: fileSize), options)
    var counts = DuplicateCounts()
    let answers = try wanted.map {
      try table.answers(table.tallies[$0], duplicates: options.duplicates, counts: &counts)
    }
    notes += counts.notes(options.duplicates, path: path)
    return try ImportFailure.naming(path) {
      var llms = NameIndex()
      var benchmarks: [Benchmark] = []
      for (number, (matrix, costs)) in zip(wanted, answers) {
        let tally = table.tallies[number]
        let places = table.llmNames(tally).map { llms.number(of: $0) }
        let encoder = embeddings.map { options.encoderName(from: $0.path) } ?? ""
        let benchmark = try table.benchmark(
          tally, llms: places, responses: matrix, costs: costs,
          embeddings: arrays[number].map { [encoder: $0] } ?? [:], splitSeed: options.splitSeed)
        if columns.splits != nil,
          let note = SplitWords.note(benchmark.split, benchmark: tally.name, path: path)
        {
          notes.append(note)
        }
        benchmarks.append(benchmark)
      }
      let dataset = try Dataset(
        catalog: LLMCatalog(names: llms.names), benchmarks: benchmarks, sources: [source])
      return try ImportResult(dataset, notes: notes, path: path)
    }
  }

  /// The numbers of the benchmarks that were asked for.
  private static func wanted(_ table: AnswerTable, _ options: ImportOptions) throws(FileError) -> [Int] {
    let all = Array(table.tallies.indices)
    guard table.columns.benchmarks != nil, let only = options.benchmark else { return all }
    let wanted = all.filter { Name(table.tallies[$0].name) == Name(only) }
    guard !wanted.isEmpty else {
      let names = table.tallies.map(\.name).joined(separator: ", ")
      throw FileError(table.columns.path, "has no benchmark '\(only)'; there are: \(names)")
    }
    return wanted
  }

  /// A note where nothing needed the scale that was given.
  private static func smallGrades(_ columns: AnswerColumns, _ scale: Double) -> String? {
    let largest = Float(Double(columns.scores.reduce(0) { $1 > $0 ? $1 : $0 }) * scale)
    guard largest <= 1, scale > 1 else { return nil }
    return
      "\(columns.path): no grade is above \(Grade.text(Double(largest))), though --scale \(Grade.text(scale)) was given: "
      + "without it they count as they stand"
  }

  /// Throws if the dense matrices would take more memory than the file or the user accounts for.
  private static func requireMemory(
    _ table: AnswerTable, _ wanted: [Int], limit: Int, _ options: ImportOptions
  ) throws(FileError) {
    let sizes = wanted.map { table.tallies[$0].byteCount(options.duplicates) }
    let needed = sizes.reduce(0) { $0.saturatingSum($1) }
    guard needed > limit, let worst = sizes.indices.max(by: { sizes[$0] < sizes[$1] }) else { return }
    let tally = table.tallies[wanted[worst]]
    throw FileError(
      table.columns.path,
      "benchmark '\(tally.name)': \(tally.answerCount) answers of \(tally.queries.count) queries × "
        + "\(tally.llms.count) LLMs are too sparse: as a dense matrix they take \(sizes[worst] >> 20) MiB; "
        + "leave out queries and LLMs with few answers, give unrelated ones a benchmark each in a column "
        + "'benchmark', or allow it with --memory-limit \((needed >> 30) + 1)")
  }
}

extension AnswerTable {
  /// The benchmark of a tally.
  fileprivate func benchmark(
    _ tally: AnswerTally, llms: [Int], responses: ResponseMatrix, costs: Matrix?,
    embeddings: [String: NDArray], splitSeed: UInt64
  ) throws -> Benchmark {
    var labels = NameIndex()
    let subscenarios = tally.queries.map { query in
      labels.number(of: query.subscenario.flatMap { columns.subscenarios?.names[Int($0)] } ?? tally.name)
    }
    let parts = tally.queries.compactMap(\.part)
    let prompts = columns.prompts.map { column in
      tally.queries.map { query in query.prompt.map { column.names[Int($0)] } ?? "" }
    }
    return try Benchmark(
      name: tally.name,
      queries: QuerySet(
        subscenarioNames: labels.names, subscenarios: subscenarios, ids: queryNames(tally),
        embeddings: embeddings),
      llms: llms, responses: responses,
      split: parts.isEmpty
        ? .stratified(subscenarios: subscenarios, benchmark: tally.name, seed: splitSeed)
        : Split(parts: parts),
      prompts: prompts.map { .memory($0) } ?? .none, costs: costs)
  }
}
