import CommandLineKit
import FileFormats
import RoutingData

/// The options that choose the LLMs of a log.
enum PoolOptions {
  static let llms = Option.list(
    "llms", placeholder: "A,B", help: "the LLMs to choose among, by name"
  ).optional(meaning: "all of the benchmark")
  static let pool = Option.string(
    "pool", placeholder: "BENCHMARK/M/GROUP",
    help: "the candidates of one pool instead, such as gsm8k/5/all_strong"
  ).optional(meaning: "none")
  static let poolsFrom = Option.choice(
    "pools-from", placeholder: "PART", of: PoolQueries.self, default: .all,
    help: "queries that --pool is constructed on, as for rs-eval")
  static let benchmark = Option.string(
    "benchmark", placeholder: "NAME", help: "the benchmark whose queries are routed"
  ).optional(meaning: "that of --pool, or the only one")

  static let all: [any OptionDeclaration] = [benchmark, llms, pool, poolsFrom]

  /// The benchmark, and the LLMs as its columns; nil where none were named.
  static func choice(
    _ arguments: Arguments, of dataset: Dataset
  ) throws -> (benchmark: Benchmark, llms: [Int]?) {
    guard let text = arguments[pool] else {
      let benchmark = try self.benchmark(arguments[benchmark], of: dataset)
      return (benchmark, try arguments[llms].map { try columns($0, of: benchmark, dataset) })
    }
    guard arguments[llms] == nil, arguments[benchmark] == nil else {
      throw UsageError("'--pool' names a benchmark and its LLMs: leave '--llms' and '--benchmark' out")
    }
    let name: PoolName
    do throws(DataError) { name = try PoolName(text) } catch {
      throw UsageError("option '--pool': \(error.description)")
    }
    let (benchmark, pool) = try dataset.pool(
      name, from: arguments[poolsFrom], seed: UInt64(arguments[CommonOptions.seed]))
    return (benchmark, pool.llms)
  }

  /// The benchmark, and the names of the LLMs, which it need not know; nil where none were named.
  static func names(
    _ arguments: Arguments, of dataset: Dataset
  ) throws -> (benchmark: Benchmark, llms: [String]?) {
    if let named = arguments[llms], arguments[pool] == nil {
      if let name = NameIndex.repeated(in: named) { throw DataError("LLM '\(name)' is named twice") }
      return (try benchmark(arguments[benchmark], of: dataset), named)
    }
    let (benchmark, columns) = try choice(arguments, of: dataset)
    let names = dataset.llmNames(of: benchmark)
    return (benchmark, columns.map { $0.map { names[$0] } })
  }

  /// The groups that `--groups` names.
  static func groups(_ names: [String]) throws(UsageError) -> [CandidateGroup] {
    do throws(DataError) { return try CandidateGroup.list(names) } catch {
      throw UsageError("option '--groups' \(error.description)")
    }
  }

  /// The benchmark of a name, or the only one.
  static func benchmark(_ name: String?, of dataset: Dataset) throws -> Benchmark {
    if let name { return try dataset.benchmark(named: name) }
    guard let only = dataset.benchmarks.first, dataset.benchmarks.count == 1 else {
      throw UsageError(
        "the dataset has several benchmarks: name one with '--benchmark' ("
          + dataset.benchmarks.map(\.name).joined(separator: ", ") + ")")
    }
    return only
  }

  private static func columns(
    _ names: [String], of benchmark: Benchmark, _ dataset: Dataset
  ) throws(DataError) -> [Int] {
    var result: [Int] = []
    for name in names {
      guard let place = dataset.catalog.index(of: name), let column = benchmark.llms.firstIndex(of: place)
      else {
        throw DataError(
          "LLM '\(name)' is none of the \(benchmark.llms.count) of benchmark '\(benchmark.name)'")
      }
      guard !result.contains(column) else { throw DataError("LLM '\(name)' is named twice") }
      result.append(column)
    }
    return result
  }
}
