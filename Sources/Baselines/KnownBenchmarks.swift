import FileFormats
import NumericKernels
import Routing
import RoutingData

/// The benchmarks whose responses a baseline may look up, with their LLMs by name.
struct KnownBenchmarks: Sendable {
  private struct Entry: Sendable {
    let benchmark: Benchmark
    let columns: CandidateColumns
  }

  private let entries: [Name: Entry]

  init(_ benchmarks: [Benchmark], catalog: LLMCatalog) {
    var entries: [Name: Entry] = [:]
    for benchmark in benchmarks {
      entries[Name(benchmark.name)] = Entry(
        benchmark: benchmark, columns: CandidateColumns(benchmark.llms.map { catalog.names[$0] }))
    }
    self.entries = entries
  }

  /// The benchmark of some queries and the columns of some of its LLMs.
  ///
  /// - Throws: `DataError` naming the router and the benchmark or LLM that is not known.
  func lookUp(
    _ batch: QueryBatch, _ candidates: Candidates, router: String
  ) throws(DataError) -> (benchmark: Benchmark, columns: [Int]) {
    guard let name = batch.benchmark else {
      throw DataError("router '\(router)': knows no responses to queries that belong to no benchmark")
    }
    guard let entry = entries[Name(name)] else {
      throw DataError("router '\(router)': knows no responses of benchmark '\(name)'")
    }
    var columns: [Int] = []
    columns.reserveCapacity(candidates.count)
    for llm in candidates.names {
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
  func responses(
    to batch: QueryBatch, of candidates: Candidates, router: String
  ) throws(DataError) -> Matrix {
    let (benchmark, columns) = try lookUp(batch, candidates, router: router)
    guard let rows = batch.rows else {
      throw DataError(
        "router '\(router)': needs to know which queries of benchmark '\(benchmark.name)' these are")
    }
    var responses = Matrix(rows: rows.count, columns: columns.count)
    for (row, query) in rows.enumerated() {
      guard (0..<benchmark.queries.count).contains(query) else {
        throw DataError(
          "router '\(router)': query \(query) of benchmark '\(benchmark.name)', which has \(benchmark.queries.count)"
        )
      }
      for (column, llm) in columns.enumerated() {
        guard let response = benchmark.responses[query, llm] else {
          throw DataError(
            "router '\(router)': no response of LLM '\(candidates.names[column])' to query \(query) of benchmark "
              + "'\(benchmark.name)'")
        }
        responses[row, column] = response
      }
    }
    return responses
  }
}
