import RoutingData

/// The benchmarks whose responses a baseline may look up, with their LLMs by name.
struct KnownBenchmarks: Sendable {
  struct Entry: Sendable {
    let benchmark: Benchmark
    let columns: [String: Int]
  }

  private let entries: [String: Entry]

  init(_ benchmarks: [Benchmark], catalog: LLMCatalog) {
    var entries: [String: Entry] = [:]
    for benchmark in benchmarks {
      var columns: [String: Int] = [:]
      columns.reserveCapacity(benchmark.llms.count)
      for (column, llm) in benchmark.llms.enumerated() { columns[catalog.names[llm]] = column }
      entries[benchmark.name] = Entry(benchmark: benchmark, columns: columns)
    }
    self.entries = entries
  }

  /// A benchmark and the columns of some of its LLMs.
  ///
  /// - Throws: `DataError` naming the router and the benchmark or LLM that is not known.
  func lookUp(
    _ name: String, llms: [String], router: String
  ) throws(DataError) -> (benchmark: Benchmark, columns: [Int]) {
    guard let entry = entries[name] else {
      throw DataError("router '\(router)': knows no responses of benchmark '\(name)'")
    }
    var columns: [Int] = []
    columns.reserveCapacity(llms.count)
    for llm in llms {
      guard let column = entry.columns[llm] else {
        throw DataError("router '\(router)': unknown LLM '\(llm)', no responses to benchmark '\(name)'")
      }
      columns.append(column)
    }
    return (entry.benchmark, columns)
  }
}
