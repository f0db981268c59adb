import NumericKernels
import Routing
import RoutingData

/// A benchmark written down as a table, with the catalogue and embeddings that go with it.
package struct TableBenchmark: Sendable {
  /// The benchmark.
  package let benchmark: Benchmark
  /// The catalogue of its LLMs.
  package let catalog: LLMCatalog
  /// The embeddings of its queries, queries × d.
  package let embeddings: Matrix

  /// The names of the LLMs, by column.
  package var llmNames: [String] { benchmark.llms.map { catalog.names[$0] } }

  /// A benchmark from one row of responses for each query (nil is missing) and the part it belongs to.
  ///
  /// The LLMs are named `llm0`, `llm1`, … Without embeddings each query gets a single 1.
  package init(
    name: String = "table", _ table: [[Float?]], parts: [SplitPart], subscenarios: [Int]? = nil,
    ids: [String]? = nil, pools: [CandidatePool] = [], embeddings: Matrix? = nil
  ) throws {
    let llmCount = table.first?.count ?? 0
    var builder = ResponseMatrixBuilder(queryCount: table.count, llmCount: llmCount)
    for (query, row) in table.enumerated() {
      try builder.setRow(query, row.map { $0 ?? .nan }[...])
    }
    let strata = subscenarios ?? Array(repeating: 0, count: table.count)
    catalog = try LLMCatalog(names: (0..<llmCount).map { "llm\($0)" })
    benchmark = try Benchmark(
      name: name,
      queries: QuerySet(
        subscenarioNames: (0...(strata.max() ?? 0)).map { "s\($0)" }, subscenarios: strata, ids: ids),
      llms: Array(0..<llmCount), responses: builder.build(), split: Split(parts: parts),
      publishedPools: pools)
    self.embeddings = embeddings ?? Matrix(rows: table.count, columns: 1, repeating: 1)
  }

  /// Some of its LLMs as candidates, by default all, with their train means.
  package func candidates(_ llms: [Int]? = nil) -> Candidates {
    let columns = llms ?? Array(llmNames.indices)
    return Candidates(
      columns.map { llmNames[$0] }, trainMeans: benchmark.trainMeans(of: columns).values)
  }

  /// A dataset of this benchmark alone.
  package func dataset() throws -> Dataset { try Dataset(catalog: catalog, benchmarks: [benchmark]) }

  /// The queries of a part as a batch.
  package func batch(_ part: SplitPart = .test) -> QueryBatch {
    batch(queries: benchmark.split.queries(in: part))
  }

  /// Some queries as a batch.
  package func batch(queries: [Int]) -> QueryBatch {
    benchmark.batch(of: queries, embeddings: embeddings, encoder: nil)
  }
}

extension TableBenchmark {
  /// A checkerboard: even LLMs answer the queries on one side, odd LLMs those on the other.
  ///
  /// 240 queries (160 train, 40 validation, 40 test), half on each side, in two sub-scenarios. The
  /// embedding of a query is ±1 in its first dimension plus noise of 0.1 in all four, so a router that
  /// learns from embeddings reaches μ = 1 where the best single LLM has 0.5.
  package static func checkerboard(llmCount: Int = 4, seed: UInt64 = 1) throws -> TableBenchmark {
    var generator = SeededGenerator(seed: seed, stream: "checkerboard")
    var table: [[Float?]] = []
    var embeddings = Matrix(rows: 240, columns: 4)
    for query in 0..<240 {
      let side = query % 2
      table.append((0..<llmCount).map { $0 % 2 == side ? 1 : 0 })
      for dimension in 0..<4 {
        let centre: Float = dimension == 0 ? (side == 0 ? 1 : -1) : 0
        embeddings[query, dimension] = centre + 0.1 * generator.normal()
      }
    }
    let parts = (0..<240).map { query -> SplitPart in
      query < 160 ? .train : query < 200 ? .validation : .test
    }
    return try TableBenchmark(
      name: "checkerboard", table, parts: parts, subscenarios: (0..<240).map { $0 / 2 % 2 },
      embeddings: embeddings)
  }

  /// Random responses: LLM j is right with probability (j + 1) / (m + 1), or has a grade uniform in [0, 1].
  ///
  /// Of every 10 queries 5 train, 1 validates and 4 test; three sub-scenarios of different sizes.
  package static func random(
    queryCount: Int, llmCount: Int, binary: Bool = true, seed: UInt64
  ) throws -> TableBenchmark {
    var generator = SeededGenerator(seed: seed, stream: "random table")
    let table = (0..<queryCount).map { _ in
      (0..<llmCount).map { llm -> Float? in
        let number = generator.uniform()
        guard binary else { return number }
        return number < Float(llm + 1) / Float(llmCount + 1) ? 1 : 0
      }
    }
    let parts = (0..<queryCount).map { query -> SplitPart in
      query % 10 < 5 ? .train : query % 10 == 5 ? .validation : .test
    }
    return try TableBenchmark(
      name: "random", table, parts: parts, subscenarios: (0..<queryCount).map { [0, 0, 0, 1, 1, 2][$0 % 6] })
  }
}
