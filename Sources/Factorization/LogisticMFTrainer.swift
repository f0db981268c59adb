import Learning
import NumericKernels
import RoutingData

/// Trains logistic matrix factorization and the map from embeddings to query factors.
///
/// P(LLM j answers query i well) = σ(vᵢ·uⱼ + bᵢ + cⱼ), see `LogisticMFSolver`. The factors are those of the
/// multidimensional two-parameter model of item response theory, see `FactorModel`.
package struct LogisticMFTrainer: FactorizationTrainer {
  /// The name of the algorithm on the command line and in model folders.
  package static let algorithm = "logistic-mf"

  /// One sentence for help texts.
  package static let summary =
    "logistic matrix factorization: abilities of LLMs, discriminations and difficulties of queries"

  /// The grid that `auto` chooses the penalty from, strongest first.
  package static let l2Grid: [Double] = [100, 30, 10, 3, 1, 0.3, 0.1, 0.03]

  /// Factors, penalties and when to stop.
  package var options = FactorizationOptions(maximumSweeps: 200)
  /// Whether each benchmark adds a bias of its own to every LLM.
  package var hasBenchmarkBiases = false
  /// The seed of the randomized start.
  package var seed: UInt64 = 42

  /// A trainer with the default settings.
  package init() {}

  /// Every hyper-parameter.
  package static let settings: [Setting<LogisticMFTrainer>] =
    factorSettings + [
      .flag(
        "benchmark-biases", \.hasBenchmarkBiases,
        help: "let each benchmark add a bias of its own to every LLM")
    ] + sweepSettings

  /// Begins a fit at the singular vectors of the residuals of a model of biases only.
  ///
  /// - Throws: `DataError` for a ridge that can't be chosen; `NumericalError`.
  package func start(on data: TrainingData) throws -> FactorizationFit {
    let mapped = try MappedFactors(data, for: Self.algorithm, ridge: options.ridge, scale: .logOdds)
    let rank = data.rank(ofFactors: options.factors)
    let solver = LogisticMFSolver(
      blocks: mapped.responses, llmCount: mapped.llms.count, l2: fixedL2, biasL2: Float(options.biasL2))
    let spectrum = try SpectralStart(
      blocks: mapped.responses, llmCount: mapped.llms.count, seed: seed
    ).spectrum(rank: rank)
    var start = SpectralStart.factors(from: spectrum, factors: rank, l2: fixedL2)
    if hasBenchmarkBiases {
      start.blockBiases = data.blocks.map { _ in Array(repeating: 0, count: mapped.llms.count) }
    }
    return FactorizationFit(mapped, sweeps(of: solver), from: start)
  }
}
