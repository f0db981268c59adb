import Dispatch
import NumericKernels
import Factorization

/// Measures a sweep of logistic matrix factorization against the matrix products that it can't do without.
struct FactorizationBenchmark: Sendable {
  /// Seconds of the fastest of several repetitions, in one process and in turn.
  struct Result: Codable, Equatable, Sendable {
    /// Observed responses in a sweep.
    let responses: Int
    /// The number of latent factors.
    let factors: Int
    /// A whole sweep: query rows and LLM rows.
    let sweepSeconds: Double
    /// The same products without anything between them.
    let productSeconds: Double
    /// `sweepSeconds / productSeconds`.
    let sweepPerProducts: Double
    /// Responses of a sweep divided by its time.
    let responsesPerSecond: Double

    private enum CodingKeys: String, CodingKey {
      case responses, factors
      case sweepSeconds = "sweep_seconds"
      case productSeconds = "product_seconds"
      case sweepPerProducts = "sweep_per_products"
      case responsesPerSecond = "responses_per_second"
    }
  }

  /// Runs the sweeps and the bare products alternately.
  static func run(
    _ targets: [GradedCells], factors: Int, repetitions: Int, seed: UInt64
  ) throws -> Result {
    precondition(!targets.isEmpty && repetitions > 0)
    let llmCount = targets[0].columns
    let blocks = targets.map { ResponseBlocks.Block(cells: $0, llms: Array(0..<llmCount)) }
    let solver = LogisticMFSolver(blocks: blocks, llmCount: llmCount, l2: 10, biasL2: 0.1)
    var point = BiasedFactors(factors: factors, queryCounts: targets.map(\.rows), llmCount: llmCount)
    var generator = SeededGenerator(seed: seed, stream: "factorization-benchmark")
    for llm in 0..<llmCount {
      for factor in 0..<factors { point.llms[llm, factor] = 0.1 * generator.normal() }
    }
    var sweep = Double.infinity
    var products = Double.infinity
    for _ in 0..<repetitions {
      let started = DispatchTime.now().uptimeNanoseconds
      guard let done = try solver.sweep(from: point, limit: nil) else { continue }
      let swept = DispatchTime.now().uptimeNanoseconds
      for (index, cells) in targets.enumerated() {
        LogisticResiduals(cells, rows: point.queries[index], columns: point.llms).productsAlone()
      }
      let multiplied = DispatchTime.now().uptimeNanoseconds
      point = done.factors
      sweep = min(sweep, Double(swept - started) / 1e9)
      products = min(products, Double(multiplied - swept) / 1e9)
    }
    let responses = targets.reduce(0) { $0 + $1.observedCount }
    return Result(
      responses: responses, factors: factors, sweepSeconds: sweep, productSeconds: products,
      sweepPerProducts: sweep / products, responsesPerSecond: Double(responses) / sweep)
  }
}
