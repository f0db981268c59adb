import NumericKernels
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

  /// The responses of some LLMs to the queries of a batch, n × m, each in [0, 1].
  ///
  /// - Throws: `DataError` naming the router and what is not known or missing.
  func responses(for batch: QueryBatch, llms: [String], router: String) throws(DataError) -> Matrix {
    let (benchmark, columns) = try lookUp(batch.benchmark, llms: llms, router: router)
    var responses = Matrix(rows: batch.queries.count, columns: llms.count)
    for (row, query) in batch.queries.enumerated() {
      guard (0..<benchmark.queries.count).contains(query) else {
        throw DataError(
          "router '\(router)': query \(query) of benchmark '\(benchmark.name)', which has \(benchmark.queries.count)"
        )
      }
      for (column, llm) in columns.enumerated() {
        guard let response = benchmark.responses[query, llm] else {
          throw DataError(
            "router '\(router)': no response of LLM '\(llms[column])' to query \(query) of benchmark '\(benchmark.name)'"
          )
        }
        responses[row, column] = response
      }
    }
    return responses
  }
}
