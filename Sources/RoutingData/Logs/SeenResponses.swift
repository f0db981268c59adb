import FileFormats
import NumericKernels

extension Benchmark {
  /// The benchmark as somebody knows it who has nothing but a log: the log's LLMs, and the responses that it saw.
  ///
  /// A cell that several rows saw has their mean; one that none saw is missing. Queries, embeddings, prompts and the split
  /// stay, as do the costs of answers that the log's rows got. The log's LLMs are the columns 0, 1, … then, see `Log.moved`. Cost n log n for n rows.
  ///
  /// - Throws: `DataError` where no row has a response.
  public func seen(in log: Log) throws(DataError) -> Benchmark {
    let width = log.llmCount
    // Rows of one cell stand together, in the order of the log: their sum is the same at any sorting.
    let graded = log.picks.indices.filter { log.picks[$0].response != nil }
    let cells = graded.map { log.picks[$0].query * width + log.picks[$0].llm }
    let order = cells.indices.sorted { (cells[$0], $0) < (cells[$1], $1) }
    var builder = ResponseMatrixBuilder(queryCount: queries.count, llmCount: width, isMissing: true)
    var place = 0
    while place < order.count {
      let cell = cells[order[place]]
      var (sum, count) = (0.0, 0.0)
      while place < order.count, cells[order[place]] == cell {
        sum += Double(log.picks[graded[order[place]]].response ?? 0)
        count += 1
        place += 1
      }
      builder.set(cell / width, cell % width, to: Float(min(max(sum / count, 0), 1)))
    }
    return try with(
      llms: log.llms.map { llms[$0] }, responses: builder.build(), publishedPools: [],
      costs: seenCosts(in: log))
  }

  /// The costs of the answers that a log's rows got, queries × the log's LLMs; unknown elsewhere.
  private func seenCosts(in log: Log) -> Matrix? {
    guard let costs else { return nil }
    var seen = Matrix(rows: queries.count, columns: log.llmCount, repeating: .nan)
    for pick in log.picks { seen[pick.query, pick.llm] = costs[pick.query, log.llms[pick.llm]] }
    return seen
  }
}

extension Log {
  /// The log of a benchmark that has its LLMs and no others, in its order.
  public func moved(to benchmark: Benchmark, named name: String? = nil) throws(DataError) -> Log {
    precondition(benchmark.llms.count == llmCount, "\(benchmark.llms.count) LLMs for a log of \(llmCount)")
    return try Log(
      name: name ?? self.name, of: benchmark, llms: Array(0..<llmCount), offers: offers, policies: policies,
      picks: picks)
  }
}

extension Dataset {
  /// The dataset of one benchmark of this one as a log saw it, with the log: the truth is not in it.
  ///
  /// It holds the log's LLMs and what the catalogue says of them.
  ///
  /// - Throws: `DataError` for a log of a benchmark that this dataset has not got.
  public func seen(in log: Log, source: String) throws(DataError) -> Dataset {
    let whole = try benchmark(named: log.benchmark)
    let seen = try whole.seen(in: log)
    let known = try LLMCatalog(
      names: seen.llms.map { catalog.names[$0] }, fields: catalog.fields,
      metadata: seen.llms.map { catalog.metadata[$0] })
    let own = try seen.with(llms: Array(0..<log.llmCount))
    return try with(
      catalog: known, benchmarks: [own], sources: sources + [source], truth: [:], logs: [log.moved(to: own)])
  }

  /// The log of a name; the only one where none is asked for.
  ///
  /// - Throws: `DataError` naming the logs there are.
  public func log(named name: String? = nil) throws(DataError) -> Log {
    let names = logs.map(\.name).joined(separator: ", ")
    guard let name else {
      guard let only = logs.first else {
        throw DataError(
          "the dataset holds no log: make one with 'rs-debias simulate', or import one with 'rs-debias import'"
        )
      }
      guard logs.count == 1 else {
        throw DataError("the dataset holds several logs, choose one with --log-name: \(names)")
      }
      return only
    }
    guard let found = logs.first(where: { Name($0.name) == Name(name) }) else {
      throw DataError(
        "unknown log '\(name)'; " + (logs.isEmpty ? "the dataset holds none" : "there are: \(names)"))
    }
    return found
  }
}
