import FileFormats
import NumericKernels

/// A benchmark of a dataset and another one of the same name, whose LLMs are places in the same catalogue.
struct BenchmarkMerge {
  let old: Benchmark
  let new: Benchmark
  private let rule: MergeRule
  private let splitSeed: UInt64
  /// The ids of all queries, the old ones first.
  let ids: [String]
  /// The row of each of the new benchmark's queries in the merged one.
  let rows: [Int]
  /// The places in the catalogue of all LLMs, the old ones first.
  private let llms: [Int]
  /// The column of each of the new benchmark's LLMs in the merged one.
  private let columns: [Int]
  private let names: [String]
  /// The encoders that are text featurizers, whose embeddings can be made again.
  let featurized: [String]

  /// - Throws: `DataError` for queries without ids or with one id twice; `FileError` for ids that can't be read.
  init(
    _ old: Benchmark, with new: Benchmark, names: [String], featurized: [String] = [], rule: MergeRule,
    splitSeed: UInt64
  ) throws {
    self.featurized = featurized
    (self.old, self.new, self.names, self.rule, self.splitSeed) = (old, new, names, rule, splitSeed)
    var index = NameIndex(try Self.ids(of: old, whose: "the dataset's"))
    let ids = try Self.ids(of: new, whose: "the new")
    rows = ids.map { index.number(of: $0) }
    self.ids = index.names
    var places = Dictionary(uniqueKeysWithValues: old.llms.enumerated().map { ($1, $0) })
    var llms = old.llms
    columns = new.llms.map { llm in
      if let column = places[llm] { return column }
      places[llm] = llms.count
      llms.append(llm)
      return llms.count - 1
    }
    self.llms = llms
  }

  private static func ids(of benchmark: Benchmark, whose: String) throws -> [String] {
    guard let ids = try benchmark.loadIDs() else {
      throw DataError(
        "benchmark '\(benchmark.name)': \(whose) queries have no ids to tell them by: import them with ids, or under "
          + "another name with --benchmark")
    }
    if let id = NameIndex.repeated(in: ids) {
      throw DataError("benchmark '\(benchmark.name)': two of \(whose) queries have the id '\(id)'")
    }
    return ids
  }

  /// The number of queries that the dataset has already.
  var knownCount: Int { old.queries.count }

  /// The places, in the new benchmark, of the queries that the dataset lacks, in order.
  var added: [Int] { rows.indices.filter { rows[$0] >= knownCount } }

  /// The merged benchmark; what it adds is added to a summary.
  ///
  /// - Throws: `DataError` for what doesn't fit together; `FileError` for a file that can't be read.
  func merged(_ summary: inout MergeSummary) throws -> Benchmark {
    summary.queries += added.count
    let (responses, costs) = try answers(&summary)
    let labels = try subscenarios()
    let (embeddings, hasMoreEmbeddings, outdated) = try MergedEmbeddings(self).merged()
    summary.notes += outdated.map {
      "benchmark '\(old.name)': its features of encoder '\($0)' are left out, for \(added.count) queries are new: run "
        + "'rs-data embed' again, with --overwrite"
    }
    let prompts = try prompts(&summary)
    let pools = new.publishedPools.filter { pool in
      !old.publishedPools.contains { $0.size == pool.size && $0.group == pool.group }
    }
    let reference = new.givenReference ?? old.givenReference
    summary.hasMore =
      summary.hasMore || hasMoreEmbeddings || !pools.isEmpty || reference != old.givenReference
    return try old.with(
      queries: QuerySet(
        subscenarioNames: labels.names, subscenarios: labels.labels, ids: ids, embeddings: embeddings),
      llms: llms, responses: responses, split: split(labels.labels, &summary),
      publishedPools: old.publishedPools
        + pools.map { CandidatePool(group: $0.group, llms: $0.llms.map { columns[$0] }) },
      prompts: prompts, givenReference: reference, costs: costs)
  }

  /// The responses of all LLMs to all queries, and what they cost where one of the benchmarks says it.
  private func answers(
    _ summary: inout MergeSummary
  ) throws -> (responses: ResponseMatrix, costs: Matrix?) {
    var sources = [Int?](repeating: nil, count: ids.count)
    for (source, row) in rows.enumerated() { sources[row] = source }
    var builder = ResponseMatrixBuilder(queryCount: ids.count, llmCount: llms.count)
    var costs =
      old.costs == nil && new.costs == nil
      ? nil : Matrix(rows: ids.count, columns: llms.count, repeating: .nan)
    for row in ids.indices {
      var answers = [Answer](repeating: Answer(), count: llms.count)
      if row < knownCount {
        for (column, answer) in Self.answers(of: old, row).enumerated() { answers[column] = answer }
      }
      if let source = sources[row] {
        for (place, answer) in Self.answers(of: new, source).enumerated() {
          merge(answer, into: &answers[columns[place]], query: row, llm: new.llms[place], &summary)
        }
      }
      try builder.setRow(row, answers.map(\.response)[...])
      costs?.replaceRow(row, with: answers.map(\.cost))
    }
    return (builder.build(), costs)
  }

  /// An LLM's answer to a query; NaN for what is not known.
  private struct Answer {
    var response = Float.nan
    var cost = Float.nan
  }

  private static func answers(of benchmark: Benchmark, _ row: Int) -> [Answer] {
    let responses = benchmark.responses.cells.dense(rows: [row]).row(0)
    guard let costs = benchmark.costs?.row(row) else { return responses.map { Answer(response: $0) } }
    return zip(responses, costs).map { Answer(response: $0, cost: $1) }
  }

  /// The cost goes with the response that counts; where both have the same or one has none, what is known joins.
  private func merge(
    _ answer: Answer, into known: inout Answer, query: Int, llm: Int, _ summary: inout MergeSummary
  ) {
    func contradict(_ there: Float, _ here: Float, _ what: String) {
      summary.contradict(
        "benchmark '\(old.name)', query '\(FileError.excerpt(ids[query]))', LLM '\(FileError.excerpt(names[llm]))': "
          + "\(what)\(there) there, \(what)\(here) here")
    }
    func differ(_ left: Float, _ right: Float) -> Bool { !left.isNaN && !right.isNaN && left != right }
    if differ(known.response, answer.response) {
      contradict(known.response, answer.response, "")
      if rule == .replace { known = answer }
      return
    }
    let isNew = known.response.isNaN && !answer.response.isNaN
    if isNew {
      known.response = answer.response
      summary.answers += 1
    }
    if differ(known.cost, answer.cost) {
      contradict(known.cost, answer.cost, "cost ")
      if rule == .replace { known.cost = answer.cost }
      return
    }
    if known.cost.isNaN, !answer.cost.isNaN {
      known.cost = answer.cost
      summary.hasMore = summary.hasMore || !isNew
    }
    if !isNew, !answer.response.isNaN { summary.agreeing += 1 }
  }

  /// The sub-scenario of all queries; where the new benchmark says none, a known query keeps its own.
  private func subscenarios() throws(DataError) -> (names: [String], labels: [Int]) {
    let (mine, others) = (old.queries, new.queries)
    // What an import calls queries whose sub-scenario nobody said.
    let saysNone = others.subscenarioNames.count == 1 && others.subscenarioNames.containsName(new.name)
    var index = NameIndex(mine.subscenarioNames)
    var labels = mine.subscenarios
    for (source, row) in rows.enumerated() {
      let name = others.subscenarioNames[others.subscenarios[source]]
      if row == labels.count {
        labels.append(index.number(of: name))
      } else if !saysNone, Name(index.names[labels[row]]) != Name(name) {
        throw DataError(
          "benchmark '\(old.name)', query '\(FileError.excerpt(ids[row]))': sub-scenario '\(name)', "
            + "'\(index.names[labels[row]])' in the dataset: leave the column out, or import it under another name"
        )
      }
    }
    return (index.names, labels)
  }

  /// The parts of all queries: old ones keep theirs, new ones have the given or a drawn one.
  private func split(_ labels: [Int], _ summary: inout MergeSummary) -> Split {
    guard new.split.origin == .published else {
      guard !added.isEmpty else { return old.split }
      return old.split.grown(to: labels, benchmark: old.name, seed: splitSeed)
    }
    let moved = rows.indices.filter {
      rows[$0] < knownCount && old.split.parts[rows[$0]] != new.split.parts[$0]
    }
    if !moved.isEmpty {
      summary.notes.append(
        "benchmark '\(old.name)': \(moved.count) queries keep their part of the split, the file says another")
    }
    return Split(parts: old.split.parts + added.map { new.split.parts[$0] }, origin: old.split.origin)
  }

  /// The texts of all queries; a known query without one takes the new benchmark's.
  private func prompts(_ summary: inout MergeSummary) throws -> PromptSource {
    let (mine, others) = (try old.loadPrompts(), try new.loadPrompts())
    guard mine != nil || others != nil else { return .none }
    var texts = mine ?? Array(repeating: "", count: knownCount)
    for (source, row) in rows.enumerated() {
      let text = others?[source] ?? ""
      if row == texts.count {
        texts.append(text)
      } else if texts[row].isEmpty, !text.isEmpty {
        texts[row] = text
        summary.hasMore = true
      } else if !text.isEmpty, Name(texts[row]) != Name(text) {
        throw DataError(
          "benchmark '\(old.name)', query '\(FileError.excerpt(ids[row]))' has another prompt in the dataset: is it the "
            + "same query? Leave the column out, or import it under another name")
      }
    }
    return .memory(texts)
  }
}
