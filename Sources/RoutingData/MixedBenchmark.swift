import FileFormats
import NumericKernels

/// The benchmarks that a mixed one was made of, in the order of its queries.
public struct BenchmarkMix: Sendable {
  /// A benchmark and the rows of the mixed one that are its queries, in their order.
  public struct Part: Sendable {
    /// The benchmark, with all its LLMs.
    public let benchmark: Benchmark
    /// Its queries in the mixed benchmark.
    public let rows: Range<Int>
  }

  /// A query of a mixed benchmark as its own benchmark has it.
  public struct Place: Equatable, Sendable {
    /// The part that the query belongs to.
    public let part: Int
    /// The query's row there.
    public let row: Int
  }

  /// The parts, at least one.
  public let parts: [Part]

  /// Some benchmarks one after the other.
  init(_ benchmarks: [Benchmark]) {
    var parts: [Part] = []
    for benchmark in benchmarks {
      let start = parts.last?.rows.upperBound ?? 0
      parts.append(Part(benchmark: benchmark, rows: start..<start + benchmark.queries.count))
    }
    self.parts = parts
  }

  /// Where a query of the mixed benchmark comes from; cost: the number of parts.
  public func place(of row: Int) -> Place? {
    parts.firstIndex { $0.rows.contains(row) }
      .map { Place(part: $0, row: row - parts[$0].rows.lowerBound) }
  }
}

extension Benchmark {
  /// What a mixed benchmark is called.
  public static let mixName = "mix"

  /// One benchmark of all queries of some, and of the LLMs that all of them have.
  ///
  /// A sub-scenario is `BENCHMARK`, or `BENCHMARK/SUB-SCENARIO` where a benchmark has several; an id is `BENCHMARK/ID`. Each
  /// query stays in the part of the split that it is in. Published pools are none, for nobody published any. Embeddings
  /// and prompts are read when they are asked for. It has costs where all of them have. Cost: a copy of the responses.
  ///
  /// - Throws: `DataError` for no benchmark, one that is called `mix`, or benchmarks without a common LLM.
  public static func mixing(_ benchmarks: [Benchmark]) throws(DataError) -> Benchmark {
    guard let first = benchmarks.first else { throw DataError("there is no benchmark to mix") }
    guard !benchmarks.map(\.name).containsName(mixName) else {
      throw DataError(
        "a benchmark is called '\(mixName)', which is what a mix of benchmarks goes by: leave it out")
    }
    var common = Set(first.llms)
    for benchmark in benchmarks { common.formIntersection(benchmark.llms) }
    let llms = first.llms.filter(common.contains)
    guard !llms.isEmpty else {
      throw DataError(
        "benchmarks \(benchmarks.map(\.name).joined(separator: ", ")) have no LLM in common: choose some with --mix"
      )
    }
    var (names, subscenarios): ([String], [Int]) = ([], [])
    let count = benchmarks.reduce(0) { $0 + $1.queries.count }
    var responses = ResponseMatrixBuilder(queryCount: count, llmCount: llms.count)
    var costs =
      benchmarks.allSatisfy { $0.costs != nil } ? Matrix(rows: count, columns: llms.count) : nil
    var row = 0
    for benchmark in benchmarks {
      let own = benchmark.queries
      subscenarios += own.subscenarios.map { $0 + names.count }
      names +=
        own.subscenarioNames.count == 1
        ? [benchmark.name] : own.subscenarioNames.map { "\(benchmark.name)/\($0)" }
      let columns = Dictionary(uniqueKeysWithValues: benchmark.llms.enumerated().map { ($1, $0) })
      let places = llms.compactMap { columns[$0] }
      let chosen = benchmark.responses.selecting(llms: places)
      if let own = benchmark.costs?.selecting(columns: places) {
        costs?.replace(rows: row, columns: 0, with: own)
      }
      // Block by block, so that the numbers of a large benchmark don't stand there twice.
      for start in stride(from: 0, to: own.count, by: 1024) {
        let block = chosen.cells.dense(rows: start..<min(start + 1024, own.count))
        for query in 0..<block.rows {
          try responses.setRow(row, block.row(query))
          row += 1
        }
      }
    }
    return try Benchmark(
      name: mixName, queries: QuerySet(subscenarioNames: names, subscenarios: subscenarios), llms: llms,
      responses: responses.build(),
      split: Split(parts: benchmarks.flatMap(\.split.parts), origin: first.split.origin),
      mix: BenchmarkMix(benchmarks), costs: costs)
  }
}

extension Dataset {
  /// The benchmarks that a run is asked for: those named, and last a mix of some; all where nothing is asked for.
  ///
  /// `mixed` names benchmarks, or is `all` alone; nil for no mix.
  ///
  /// - Throws: `DataError` for an unknown benchmark or one named twice, and as `Benchmark.mixing`.
  public func benchmarks(named names: [String]?, mixing mixed: [String]?) throws(DataError) -> [Benchmark] {
    guard let mixed else { return try benchmarks(named: names ?? []) }
    let parts = try benchmarks(named: mixed == ["all"] ? [] : mixed)
    let own = try names.map { (names) throws(DataError) in try benchmarks(named: names) } ?? []
    return own + [try Benchmark.mixing(parts)]
  }
}

extension BenchmarkMix {
  /// The embeddings of all queries, n × d.
  func embeddings(encoder: String) throws -> Matrix {
    var joined: Matrix?
    for part in parts {
      let own = try part.benchmark.embeddings(encoder: encoder)
      if let known = joined, known.columns != own.columns {
        throw DataError(
          "embeddings of '\(parts[0].benchmark.name)' have \(known.columns) dimensions, those of "
            + "'\(part.benchmark.name)' \(own.columns): they can't be mixed")
      }
      var all = joined ?? Matrix(rows: parts.last?.rows.upperBound ?? 0, columns: own.columns)
      joined = nil  // So that it is changed where it stands.
      for (row, place) in part.rows.enumerated() { all.replaceRow(place, with: Array(own.row(row))) }
      joined = all
    }
    return joined ?? Matrix(rows: 0, columns: 0)
  }

  /// The prompts of all queries; nil where a benchmark has none.
  func prompts() throws(FileError) -> [String]? {
    var result: [String] = []
    for part in parts {
      guard let own = try part.benchmark.loadPrompts() else { return nil }
      result += own
    }
    return result
  }

  /// `BENCHMARK/ID` of all queries, with the row in place of an id where a benchmark has none.
  func ids() throws(FileError) -> [String] {
    var result: [String] = []
    for part in parts {
      let own = try part.benchmark.loadIDs() ?? (0..<part.rows.count).map(String.init)
      result += own.map { "\(part.benchmark.name)/\($0)" }
    }
    return result
  }
}
