import FileFormats
import NumericKernels
import RoutingData
import TestSupport
import Testing

/// One benchmark of several.
@Suite struct MixedBenchmarkTests {
  /// Two benchmarks over one catalogue, the second without the first LLM and in another order.
  private func dataset(binary: Bool = true) throws -> Dataset {
    let first = try TableBenchmark.random(queryCount: 1100, llmCount: 5, seed: 1)
    let second = try TableBenchmark.random(queryCount: 40, llmCount: 3, binary: binary, seed: 2)
    func benchmark(_ name: String, _ table: TableBenchmark, llms: [Int], subscenarios: Bool) throws
      -> Benchmark
    {
      let old = table.benchmark
      let count = old.queries.count
      let embeddings = Matrix(
        rows: count, columns: 2, storage: (0..<count * 2).map { Float($0 + name.utf8.count) })
      return try Benchmark(
        name: name,
        queries: QuerySet(
          subscenarioNames: subscenarios ? old.queries.subscenarioNames : ["only"],
          subscenarios: subscenarios ? old.queries.subscenarios : Array(repeating: 0, count: count),
          ids: (0..<count).map { "q\($0)" }, embeddings: ["e": NDArray(matrix: embeddings)]),
        llms: llms, responses: old.responses, split: old.split,
        publishedPools: [CandidatePool(group: .allWeak, llms: [0, 1])],
        prompts: .memory((0..<count).map { "\(name) \($0)" }))
    }
    return try Dataset(
      catalog: LLMCatalog(names: (0..<5).map { "llm\($0)" }),
      benchmarks: [
        benchmark("arc", first, llms: [0, 1, 2, 3, 4], subscenarios: true),
        benchmark("gsm8k", second, llms: [4, 2, 1], subscenarios: false),
      ])
  }

  @Test(arguments: [true, false]) func everyCellIsThere(binary: Bool) throws {
    let dataset = try dataset(binary: binary)
    let (arc, gsm8k) = (dataset.benchmarks[0], dataset.benchmarks[1])
    let mix = try Benchmark.mixing(dataset.benchmarks)
    #expect(mix.name == "mix" && mix.llms == [1, 2, 4] && mix.publishedPools.isEmpty)
    #expect(mix.queries.subscenarioNames == ["arc/s0", "arc/s1", "arc/s2", "gsm8k"])
    #expect(mix.split.parts == arc.split.parts + gsm8k.split.parts)
    for query in 0..<1140 {
      for (column, llm) in mix.llms.enumerated() {
        let expected =
          query < 1100
          ? arc.responses[query, llm] : gsm8k.responses[query - 1100, [4: 0, 2: 1, 1: 2][llm] ?? 0]
        #expect(mix.responses[query, column] == expected)
      }
    }
    #expect(mix.responses.isBinary == binary)
    #expect(mix.queries.subscenarioNames(of: [0, 3, 1100]) == ["arc/s0", "arc/s1", "gsm8k"])
    let place = mix.mix?.place(of: 1103)
    #expect(place?.part == 1 && place?.row == 3)
    #expect(mix.mix?.place(of: 1140) == nil)
  }

  @Test func costsAreThoseOfItsQueriesWhereAllHaveThem() throws {
    let parts = try dataset().benchmarks.map { benchmark in
      let (rows, columns) = (benchmark.queries.count, benchmark.llms.count)
      // So that a cell says where it comes from: the query and the LLM's place in the catalogue.
      var costs = Matrix(rows: rows, columns: columns)
      for row in 0..<rows {
        for column in 0..<columns { costs[row, column] = Float(row * 10 + benchmark.llms[column]) }
      }
      return try benchmark.with(costs: costs)
    }
    let costs = try #require(try Benchmark.mixing(parts).costs)
    #expect(costs.rows == 1140)
    let holds = (0..<1140).allSatisfy { query in
      let own = query < 1100 ? query : query - 1100
      return costs.row(query).elementsEqual([1, 2, 4].map { Float(own * 10 + $0) })
    }
    #expect(holds)
    let half = [parts[0], try parts[1].with(costs: .some(nil))]
    #expect(try Benchmark.mixing(half).costs == nil)
  }

  @Test func whatIsReadOnRequestIsJoined() throws {
    let dataset = try dataset()
    let mix = try Benchmark.mixing(dataset.benchmarks)
    #expect(mix.encoders == ["e"])
    #expect(try dataset.encoder(nil, for: [mix]) == "e")
    let embeddings = try mix.embeddings(encoder: "e")
    #expect(embeddings.rows == 1140)
    #expect(try embeddings.row(1102) == dataset.benchmarks[1].embeddings(encoder: "e").row(2))
    #expect(try embeddings.row(7) == dataset.benchmarks[0].embeddings(encoder: "e").row(7))
    let (prompts, ids) = (try mix.loadPrompts(), try mix.loadIDs())
    #expect(prompts?[1101] == "gsm8k 1" && prompts?[1] == "arc 1")
    #expect(ids?[1101] == "gsm8k/q1" && ids.map { Set($0).count } == 1140)
  }

  @Test func theReferenceIsThatOfItsQueries() throws {
    let mix = try Benchmark.mixing(dataset().benchmarks)
    let (arc, gsm8k) = (0.852, 0.92)
    #expect(abs((mix.referenceAccuracy ?? 0) - (1100 * arc + 40 * gsm8k) / 1140) < 1e-12)
    #expect(abs((mix.referenceAccuracy(over: [0, 1, 1100]) ?? 0) - (2 * arc + gsm8k) / 3) < 1e-12)
    #expect(mix.selectingIsMixed)
  }

  @Test func benchmarksAreChosen() throws {
    let dataset = try dataset()
    #expect(try dataset.benchmarks(named: nil, mixing: nil).map(\.name) == ["arc", "gsm8k"])
    #expect(try dataset.benchmarks(named: nil, mixing: ["all"]).map(\.name) == ["mix"])
    #expect(try dataset.benchmarks(named: ["gsm8k"], mixing: ["all"]).map(\.name) == ["gsm8k", "mix"])
    let one = try dataset.benchmarks(named: nil, mixing: ["gsm8k"])
    #expect(one[0].queries.count == 40 && one[0].llms == [4, 2, 1])
    #expect(throws: DataError("benchmark 'arc' is named twice")) {
      try dataset.benchmarks(named: nil, mixing: ["arc", "arc"])
    }
    #expect(throws: DataError("unknown benchmark 'none'; there are: arc, gsm8k")) {
      try dataset.benchmarks(named: nil, mixing: ["arc", "none"])
    }
  }

  @Test func whatCantBeMixedIsRefused() throws {
    let benchmarks = try dataset().benchmarks
    #expect(throws: DataError("there is no benchmark to mix")) { try Benchmark.mixing([]) }
    let apart = try [benchmarks[0].selecting(llms: [0, 3]), benchmarks[1]]
    #expect {
      try Benchmark.mixing(apart)
    } throws: { "\($0)".contains("arc, gsm8k have no LLM in common") }
    let mix = try Benchmark.mixing(benchmarks)
    #expect {
      try Benchmark.mixing([mix])
    } throws: { "\($0)".contains("a benchmark is called 'mix'") }
  }
}

extension Benchmark {
  /// Whether a choice of its LLMs still knows where its queries come from.
  fileprivate var selectingIsMixed: Bool { (try? selecting(llms: [0]))?.mix?.parts.count == 2 }
}
