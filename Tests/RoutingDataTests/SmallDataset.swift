import FileFormats
import NumericKernels

@testable import RoutingData

/// A dataset with everything that a folder can hold: bits and numbers, gaps, texts, pools, costs, truth.
enum SmallDataset {
  /// Five queries × three LLMs, right or wrong.
  static func binary() throws -> Benchmark {
    try Benchmark(
      name: "alpha",
      queries: QuerySet(
        subscenarioNames: ["one", "two"], subscenarios: [0, 0, 1, 1, 1], ids: ["q0", "q1", "q2", "q3", "q4"],
        embeddings: [
          "half": try half([[1, 0], [0, 1], [-1, 0.5], [2, 2], [0, 0]]),
          "single": NDArray(matrix: Matrix([[0.1], [0.2], [0.3], [0.4], [0.5]])),
        ]),
      llms: [3, 0, 1], responses: responses([[1, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0], [1, 0, 0]]),
      split: Split(parts: [.train, .train, .validation, .test, .train]),
      publishedPools: [CandidatePool(group: .allWeak, llms: [2, 0])],
      prompts: .memory(["What?", "line\nbreak", "\"quotes\" and ünïcödé", "", "🙂"]), givenReference: 0.75,
      costs: Matrix([[0.5, 1.5, 2.5], [1, 2, .nan], [2, 0, 1], [3, 1, 1], [7, 1, 0]]))
  }

  /// Two queries × two LLMs, graded, one response missing.
  static func graded() throws -> Benchmark {
    var builder = ResponseMatrixBuilder(queryCount: 2, llmCount: 2)
    try builder.setRow(0, [0.25, .nan])
    try builder.setRow(1, [1, 0.5])
    return try Benchmark(
      name: "beta", queries: QuerySet(subscenarioNames: ["beta"], subscenarios: [0, 0]), llms: [2, 1],
      responses: builder.build(),
      split: .stratified(subscenarios: [0, 0], benchmark: "beta", seed: 7))
  }

  static func whole() throws -> Dataset {
    try Dataset(
      catalog: LLMCatalog(
        names: ["a", "b, \"quoted\"", "c", "d"], fields: ["family", "kind"],
        metadata: [["x", "base"], ["x", ""], ["", ""], ["y", "instruct"]]),
      benchmarks: [binary(), graded()], sources: ["made by hand"],
      truth: ["query_biases/alpha": NDArray(floats: [1, 2, 3, 4, 5], shape: [5])])
  }

  static func responses(_ rows: [[Float]]) throws -> ResponseMatrix {
    var builder = ResponseMatrixBuilder(queryCount: rows.count, llmCount: rows.first?.count ?? 0)
    for (query, row) in rows.enumerated() { try builder.setRow(query, row[...]) }
    return builder.build()
  }

  /// A `float16` array of numbers that half precision holds.
  static func half(_ rows: [[Float]]) throws -> NDArray {
    let bytes = rows.flatMap { $0 }.flatMap { value -> [UInt8] in
      let bits = Float16(value).bitPattern
      return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
    }
    return try NDArray(
      .float16, shape: [rows.count, rows[0].count], bytes: ByteRegion(bytes), path: "memory")
  }
}

/// Everything of a benchmark that must survive a round trip.
struct BenchmarkContents: Equatable {
  let name: String
  let llms: [String]
  let responses: [[Float?]]
  let isBinary: Bool
  let observed: BitMatrix?
  let split: Split
  let subscenarios: [String]
  let embeddings: [String: Matrix]
  let pools: [CandidatePool]
  let ids: [String]?
  let prompts: [String]?
  let reference: Double?
  /// As bits, so that NaN equals NaN.
  let costs: [UInt32]?

  init(_ benchmark: Benchmark, in dataset: Dataset) throws {
    name = benchmark.name
    llms = dataset.llmNames(of: benchmark)
    let matrix = benchmark.responses
    responses = (0..<matrix.queryCount).map { query in (0..<matrix.llmCount).map { matrix[query, $0] } }
    isBinary = matrix.isBinary
    observed = matrix.cells.observed
    split = benchmark.split
    subscenarios = benchmark.queries.subscenarios.map { benchmark.queries.subscenarioNames[$0] }
    embeddings = try benchmark.queries.embeddings.mapValues { try $0.matrix() }
    pools = benchmark.publishedPools
    ids = try benchmark.loadIDs()
    prompts = try benchmark.loadPrompts()
    reference = benchmark.givenReference
    costs = benchmark.costs?.storage.map(\.bitPattern)
  }
}
