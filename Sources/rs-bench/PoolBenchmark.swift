import NumericKernels
import RoutingData

/// The construction of pools as large as RouterEval's largest.
enum PoolBenchmark {
  /// How long all three groups of one size took.
  struct Result: Codable {
    var llms: Int
    var queries: Int
    var size: Int
    var seconds: Double
  }

  /// A benchmark of 8,500 LLMs of many strengths × a share of 12,000 queries, and the size of its pools.
  static func data(fraction: Double, seed: UInt64) throws -> (benchmark: Benchmark, size: Int) {
    let (llms, queries) = (8_500, Int(12_000 * fraction))
    let rows = Parallel.map(queries) { query -> [UInt8] in
      var generator = SeededGenerator(seed: seed, stream: "pool benchmark", query)
      var row = BitMatrix(rows: 1, columns: llms)
      for llm in 0..<llms { row[0, llm] = generator.uniform() < 0.15 + 0.7 * Float(llm) / Float(llms) }
      return row.bytes
    }
    let bits = BitMatrix(rows: queries, columns: llms, bytes: Array(rows.joined()))
    let benchmark = try Benchmark(
      name: "pools",
      queries: QuerySet(subscenarioNames: ["pools"], subscenarios: Array(repeating: 0, count: queries)),
      llms: Array(0..<llms), responses: ResponseMatrix(GradedCells(.bits(bits))),
      split: Split(parts: Array(repeating: .train, count: queries)))
    return (benchmark, 1_000)
  }

  /// Sorts and filters the LLMs and makes a pool of each group.
  static func construct(_ benchmark: Benchmark, size: Int, seed: UInt64) throws -> [CandidatePool] {
    let construction = PoolConstruction(benchmark)
    var pools: [CandidatePool] = []
    for group in CandidateGroup.allCases {
      pools.append(try construction.pool(size: size, group: group, seed: seed))
    }
    return pools
  }
}
