import Dispatch
import NumericKernels
import Factorization

/// Measures a sweep of each factorization against a sweep of logistic matrix factorization, and the whole of `svd`.
struct SolverBenchmark: Sendable {
  /// Seconds of the fastest of several repetitions, in one process and in turn.
  struct Result: Codable, Equatable, Sendable {
    /// Observed responses in a sweep.
    let responses: Int
    /// The number of latent factors.
    let factors: Int
    /// A sweep of `logistic-mf`: query rows and LLM rows.
    let logisticSweepSeconds: Double
    /// A sweep of `als` with weights 1 + y.
    let alsSweepSeconds: Double
    /// A sweep of `als` with equal weights.
    let alsUnweightedSweepSeconds: Double
    /// A sweep of `bpr`.
    let bprSweepSeconds: Double
    /// A sweep of `mirt`.
    let mirtSweepSeconds: Double
    /// Means and truncated decomposition, from responses to factors.
    let svdSeconds: Double
    /// `alsSweepSeconds / logisticSweepSeconds`.
    let alsPerLogistic: Double
    /// `mirtSweepSeconds / logisticSweepSeconds`.
    let mirtPerLogistic: Double

    private enum CodingKeys: String, CodingKey {
      case responses, factors
      case logisticSweepSeconds = "logistic_sweep_seconds"
      case alsSweepSeconds = "als_sweep_seconds"
      case alsUnweightedSweepSeconds = "als_unweighted_sweep_seconds"
      case bprSweepSeconds = "bpr_sweep_seconds"
      case mirtSweepSeconds = "mirt_sweep_seconds"
      case svdSeconds = "svd_seconds"
      case alsPerLogistic = "als_per_logistic"
      case mirtPerLogistic = "mirt_per_logistic"
    }
  }

  /// Runs all of them alternately, the sweeps each from its own last factors.
  static func run(
    _ targets: [GradedCells], factors: Int, repetitions: Int, seed: UInt64
  ) throws -> Result {
    precondition(!targets.isEmpty && repetitions > 0)
    let llmCount = targets[0].columns
    let blocks = targets.map { ResponseBlocks.Block(cells: $0, llms: Array(0..<llmCount)) }
    let logistic = LogisticMFSolver(blocks: blocks, llmCount: llmCount, l2: 10, biasL2: 0.1)
    func als(gain: Float) throws -> ALSSolver {
      try ALSSolver(blocks: blocks, llmCount: llmCount, factors: factors, l2: 1, biasL2: 0.1, gain: gain)
    }
    let (weighted, unweighted) = (try als(gain: 1), try als(gain: 0))
    let bpr = BPRSolver(
      blocks: blocks, llmCount: llmCount, l2: 10, biasL2: 0.1, margin: BPRSolver.defaultMargin,
      comparisons: 1, seed: seed)
    let solvers: [(BiasedFactors) throws -> FactorSweep?] = [
      { try logistic.sweep(from: $0, limit: nil) }, { try weighted.sweep(from: $0, limit: nil) },
      { try unweighted.sweep(from: $0, limit: nil) }, { try bpr.sweep(from: $0, limit: nil) },
    ]
    var points: [BiasedFactors] = []
    var sweeps = Array(repeating: Double.infinity, count: solvers.count)
    var svd = Double.infinity
    let mirt = ItemResponseSolver(blocks: blocks, llmCount: llmCount)
    var state = try mirt.start(factors: factors, seed: seed)
    var mirtSweep = Double.infinity
    for _ in 0..<repetitions {
      let started = DispatchTime.now().uptimeNanoseconds
      let start = try LeastSquaresSpectrum(blocks: blocks, llmCount: llmCount, seed: seed)
        .spectrum(rank: factors, biasL2: 0.1).factors(factors, shrinkage: 0)
      svd = min(svd, Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9)
      if points.isEmpty { points = Array(repeating: start, count: solvers.count) }
      for index in solvers.indices {
        let started = DispatchTime.now().uptimeNanoseconds
        let sweep = try solvers[index](points[index])
        sweeps[index] = min(sweeps[index], Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9)
        if let sweep { points[index] = sweep.factors }
      }
      let before = DispatchTime.now().uptimeNanoseconds
      _ = try mirt.sweep(&state)
      mirtSweep = min(mirtSweep, Double(DispatchTime.now().uptimeNanoseconds - before) / 1e9)
    }
    return Result(
      responses: targets.reduce(0) { $0 + $1.observedCount }, factors: factors,
      logisticSweepSeconds: sweeps[0], alsSweepSeconds: sweeps[1], alsUnweightedSweepSeconds: sweeps[2],
      bprSweepSeconds: sweeps[3], mirtSweepSeconds: mirtSweep, svdSeconds: svd,
      alsPerLogistic: sweeps[1] / sweeps[0], mirtPerLogistic: mirtSweep / sweeps[0])
  }
}
