import FileFormats
import NumericKernels

extension Benchmark {
  /// The benchmark as somebody knows it who has nothing but a log: the log's LLMs, and the responses that it saw.
  ///
  /// A cell that several rows saw has their mean; one that none saw is missing. Queries, embeddings, prompts and the split
  /// stay. The log's LLMs are the columns 0, 1, … then, see `Log.moved`. Cost: a pass over rows and cells.
  ///
  /// - Throws: `DataError` where no row has a response.
  public func seen(in log: Log) throws(DataError) -> Benchmark {
    var sums: [Int: (sum: Double, count: Double)] = [:]
    for pick in log.picks {
      guard let response = pick.response else { continue }
      let cell = pick.query * log.llmCount + pick.llm
      let known = sums[cell] ?? (0, 0)
      sums[cell] = (known.sum + Double(response), known.count + 1)
    }
    var builder = ResponseMatrixBuilder(queryCount: queries.count, llmCount: log.llmCount)
    for query in 0..<queries.count {
      let row = (0..<log.llmCount).map { llm -> Float in
        guard let (sum, count) = sums[query * log.llmCount + llm] else { return .nan }
        return Float(min(max(sum / count, 0), 1))
      }
      try builder.setRow(query, row[...])
    }
    return try Benchmark(
      name: name, queries: queries, llms: log.llms.map { llms[$0] }, responses: builder.build(), split: split,
      prompts: prompts)
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
    return try Dataset(
      catalog: known, benchmarks: [own], sources: sources + [source], logs: [log.moved(to: own)])
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
      guard logs.count == 1 else { throw DataError("the dataset holds several logs, choose one: \(names)") }
      return only
    }
    guard let found = logs.first(where: { Name($0.name) == Name(name) }) else {
      throw DataError(
        "unknown log '\(name)'; " + (logs.isEmpty ? "the dataset holds none" : "there are: \(names)"))
    }
    return found
  }
}
