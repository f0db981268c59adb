import Baselines
import Dispatch
import Evaluation
import Metrics
import NumericKernels
import Routing
import RoutingData

/// How long the intervals and differences of one cell take, with 10,000 resamples.
enum BootstrapBenchmark {
  /// The times of one cell.
  struct Result: Codable {
    var queries: Int
    var llms: Int
    var routers: Int
    var resamples: Int
    /// Everything about the cell but the routers' scores.
    var cellSeconds: Double
    /// The same where another cell of the benchmark has drawn the resamples.
    var sharedDrawsSeconds: Double
  }

  /// The fastest of some repetitions on a small pool of many queries and a large one of few.
  static func run(repetitions: Int, seed: UInt64) throws -> [Result] {
    try [
      measure(queries: 1196, llms: 10, routers: 4, repetitions, seed),
      measure(queries: 200, llms: 1000, routers: 7, repetitions, seed),
    ]
  }

  /// A router of random scores that predicts responses, so that every statistic has to be worked out.
  private struct NoisyRouter: Router {
    let name: String
    let policy: (any Policy)?
    let seed: UInt64

    func scores(for batch: QueryBatch, among candidates: Candidates) -> Scores {
      var generator = SeededGenerator(seed: seed, stream: "bench/\(name)")
      let noise = Matrix(rows: batch.count, columns: candidates.count).mapped { _ in generator.normal() }
      let scores = policy == nil ? noise : Elementwise.softmaxRows(noise)
      return Scores(scores, probabilities: Elementwise.sigmoid(scores))
    }
  }

  private static func measure(
    queries: Int, llms: Int, routers count: Int, _ repetitions: Int, _ seed: UInt64
  ) throws -> Result {
    let benchmark = try randomBenchmark(queries: queries, llms: llms, seed: seed)
    let catalog = try LLMCatalog(names: (0..<llms).map { "llm\($0)" })
    let pool = try PoolResponses(
      benchmark, llmNames: catalog.names, pool: CandidatePool(group: .allStrong, llms: Array(0..<llms)))
    let evaluation = try PoolEvaluation(
      pool, of: benchmark, embeddings: Matrix(rows: benchmark.queries.count, columns: 0))
    let noisy = (3..<count).map { index in
      NoisyRouter(name: "noisy\(index)", policy: index % 2 == 0 ? ProportionalToScore() : nil, seed: seed)
    }
    let baselines: [any Router] = [
      OracleRouter([benchmark], catalog: catalog), RandomRouter(),
      BestSingleRouter([benchmark], catalog: catalog),
    ]
    let routed = try (baselines + noisy).map { try evaluation.route($0) }
    let bootstrap = Bootstrap(seed: seed)
    let draws = BootstrapDraws(bootstrap, for: pool)
    func fastest(_ draws: BootstrapDraws?) -> Double {
      let seconds = (0..<repetitions).map { _ in
        let start = DispatchTime.now().uptimeNanoseconds
        _ = CellResult(pool, source: .constructed, routed: routed, bootstrap: bootstrap, draws: draws)
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      }
      return seconds.min() ?? 0
    }
    return Result(
      queries: queries, llms: llms, routers: routed.count, resamples: bootstrap.resamples,
      cellSeconds: fastest(nil), sharedDrawsSeconds: fastest(draws))
  }

  /// Right or wrong answers to test queries in 14 sub-scenarios, and to 50 train queries.
  private static func randomBenchmark(queries: Int, llms: Int, seed: UInt64) throws -> Benchmark {
    let train = 50
    var generator = SeededGenerator(seed: seed, stream: "bench/responses")
    var builder = ResponseMatrixBuilder(queryCount: queries + train, llmCount: llms)
    for query in 0..<queries + train {
      let row: [Float] = (0..<llms).map { _ in generator.uniform() < 0.6 ? 1 : 0 }
      try builder.setRow(query, row[...])
    }
    return try Benchmark(
      name: "bench",
      queries: QuerySet(
        subscenarioNames: (0..<14).map { "s\($0)" }, subscenarios: (0..<queries + train).map { $0 % 14 }),
      llms: Array(0..<llms), responses: builder.build(),
      split: Split(parts: (0..<queries + train).map { $0 < queries ? .test : .train }))
  }
}
