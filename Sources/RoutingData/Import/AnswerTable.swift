import FileFormats
import NumericKernels

/// Rows of graded answers by benchmark, with each row's query and LLM as places in the benchmark's matrix.
struct AnswerTable {
  let columns: AnswerColumns
  private(set) var tallies: [AnswerTally] = []
  /// The matrix row and column of each answer.
  private var queryNumbers: [UInt32]
  private var llmNumbers: [UInt32]

  private static let unknown = UInt32.max

  /// Sorts rows out by benchmark; `defaultName` is that of all where no column says it.
  ///
  /// - Throws: `FileError`, with the line, for rows that are no answers or contradict each other.
  /// - Complexity: one pass over the rows; eight bytes a row.
  init(_ columns: AnswerColumns, defaultName: String) throws(FileError) {
    try columns.check()
    self.columns = columns
    queryNumbers = columns.queries.codes
    llmNumbers = columns.llms.codes
    var known = Array(repeating: Self.unknown, count: columns.queries.names.count)
    var knownLLMs = Array(repeating: Self.unknown, count: columns.llms.names.count)
    let parts = columns.splits?.names.map { SplitWords.part($0) ?? .train }
    for (name, rows) in groups(defaultName: defaultName) {
      var tally = AnswerTally(name: name, rows: rows)
      for row in rows {
        try note(row, in: &tally, known: &known, knownLLMs: &knownLLMs, parts: parts)
      }
      for query in tally.queries { known[query.code] = Self.unknown }
      for llm in tally.llms { knownLLMs[llm] = Self.unknown }
      tallies.append(tally)
    }
  }

  @inline(__always)
  private mutating func note(
    _ row: Int, in tally: inout AnswerTally, known: inout [UInt32], knownLLMs: inout [UInt32],
    parts: [SplitPart]?
  ) throws(FileError) {
    let (query, llm) = (Int(queryNumbers[row]), Int(llmNumbers[row]))
    if known[query] == Self.unknown {
      known[query] = tally.add(
        AnswerTally.Query(
          code: query, firstRow: row, subscenario: columns.subscenarios?.codes[row],
          part: part(row, parts), prompt: columns.prompts?.codes[row]))
    } else if columns.isDescribing {
      try agree(row, Int(known[query]), with: &tally, parts: parts)
    }
    if knownLLMs[llm] == Self.unknown { knownLLMs[llm] = tally.add(llm: llm) }
    queryNumbers[row] = known[query]
    llmNumbers[row] = knownLLMs[llm]
    tally.note(columns.scores[row], cost: columns.costs?[row])
  }

  private func part(_ row: Int, _ parts: [SplitPart]?) -> SplitPart? {
    guard let parts, let splits = columns.splits else { return nil }
    return parts[Int(splits.codes[row])]
  }

  /// Throws where a row says something else of its query than an earlier one.
  private func agree(
    _ row: Int, _ number: Int, with tally: inout AnswerTally, parts: [SplitPart]?
  ) throws(FileError) {
    let query = tally.queries[number]
    let name = FileError.excerpt(columns.queries.names[query.code])
    if let subscenarios = columns.subscenarios, subscenarios.codes[row] != query.subscenario {
      throw try columns.fault(
        row, "query '\(name)' is in sub-scenario '\(subscenarios[row])' here and in another one before")
    }
    if let own = query.part, let part = part(row, parts), part != own {
      throw try columns.fault(row, "query '\(name)' is for \(part.name) here and for \(own.name) before")
    }
    // A text may stand on one of a query's rows only.
    if let prompts = columns.prompts, let own = query.prompt, prompts.codes[row] != own, !prompts[row].isEmpty
    {
      guard prompts.names[Int(own)].isEmpty else {
        throw try columns.fault(row, "query '\(name)' has another prompt here than before")
      }
      tally.setPrompt(of: number, to: prompts.codes[row])
    }
  }

  /// The rows of each benchmark, in the order of first appearance.
  private func groups(defaultName: String) -> [(name: String, rows: RowList)] {
    guard let column = columns.benchmarks else { return [(defaultName, RowList(all: columns.count))] }
    guard column.names.count > 1 else { return [(column.names[0], RowList(all: columns.count))] }
    var rows: [[Int]] = Array(repeating: [], count: column.names.count)
    for (row, code) in column.codes.enumerated() { rows[Int(code)].append(row) }
    return zip(column.names, rows).map { ($0, RowList($1)) }
  }

  /// The names of a benchmark's queries.
  func queryNames(_ tally: AnswerTally) -> [String] { tally.queries.map { columns.queries.names[$0.code] } }

  /// The names of a benchmark's LLMs.
  func llmNames(_ tally: AnswerTally) -> [String] { tally.llms.map { columns.llms.names[$0] } }

  /// The queries of each benchmark as embeddings are looked up for them.
  func queryIDs() -> [QueryIDs] {
    // The place of a query in the whole file is that of its first row among all first rows.
    let first = tallies.flatMap { $0.queries.map(\.firstRow) }.sorted()
    var places = Array(repeating: 0, count: columns.count)
    for (place, row) in first.enumerated() { places[row] = place }
    return tallies.map { tally in
      QueryIDs(
        benchmark: tally.name, ids: NameIndex(queryNames(tally)),
        positions: tally.queries.map { places[$0.firstRow] })
    }
  }

  /// The answers of a benchmark as a matrix, and their costs where one is known; `counts` gains what became of pairs with
  /// several.
  ///
  /// - Throws: `FileError`, naming both lines, for a pair with two grades or two costs that differ, unless `duplicates` says
  ///   which counts.
  func answers(
    _ tally: AnswerTally, duplicates: DuplicateAnswers, counts: inout DuplicateCounts
  ) throws(FileError) -> (responses: ResponseMatrix, costs: Matrix?) {
    var builder = ResponseMatrixBuilder(
      queryCount: tally.queries.count, llmCount: tally.llms.count, isMissing: true)
    var costs = tally.hasCosts ? AnswerCosts(tally, duplicates) : nil
    var sums: [Int: (sum: Double, count: Int)] = [:]
    var differing: Set<Int> = []
    for row in tally.rows {
      let score = columns.scores[row]
      let (query, llm) = (Int(queryNumbers[row]), Int(llmNumbers[row]))
      let earlier = builder.value(query, llm)
      if let earlier, !score.isNaN, earlier != score, duplicates == .error {
        throw try contradiction(row, tally, "score", \.score) { !columns.scores[$0].isNaN }
      }
      if let known = columns.costs {
        guard costs?.note(known[row], query, llm, isAnswer: !score.isNaN, isFirst: earlier == nil) ?? true
        else { throw try contradiction(row, tally, "cost", \.cost) { !known[$0].isNaN } }
      }
      guard !score.isNaN else { continue }
      guard let earlier else {
        builder.set(query, llm, to: score)
        continue
      }
      let cell = query * tally.llms.count + llm
      if earlier == score { counts.repeated += 1 } else { differing.insert(cell) }
      if duplicates == .mean {
        let old = sums[cell] ?? (Double(earlier), 1)
        sums[cell] = (old.sum + Double(score), old.count + 1)
      }
    }
    for cell in differing {
      guard let (sum, count) = sums[cell] else { continue }
      let (query, llm) = cell.quotientAndRemainder(dividingBy: tally.llms.count)
      builder.set(query, llm, to: Float(sum / Double(count)))
    }
    counts.differing += differing.count
    return (builder.build(), costs?.matrix)
  }

  /// What is said of a row whose pair has something else on an earlier one, the first that `says` it at all.
  private func contradiction(
    _ row: Int, _ tally: AnswerTally, _ title: String, _ text: (AnswerColumns.Origin) -> String,
    says: (Int) -> Bool
  ) throws(FileError) -> FileError {
    let (query, llm) = (queryNumbers[row], llmNumbers[row])
    let first = tally.rows.first { candidate in
      queryNumbers[candidate] == query && llmNumbers[candidate] == llm && says(candidate)
    }
    let origin = try columns.origin(first ?? 0)
    let here = try columns.origin(row)
    let place = here.path == origin.path ? "line \(origin.line)" : "line \(origin.line) of \(origin.path)"
    let name = FileError.excerpt(columns.queries.names[tally.queries[Int(query)].code])
    let llmName = FileError.excerpt(columns.llms.names[tally.llms[Int(llm)]])
    return FileError(
      here.path, at: .line(here.line),
      "query '\(name)' and LLM '\(llmName)' have the \(title) \(text(here)) here and \(text(origin)) on \(place): "
        + "keep one, or say --duplicates mean or first")
  }
}
