import LinearAlgebra
import RoutingData

/// Trains logistic matrix factorization and the map from embeddings to query factors.
///
/// P(LLM j answers query i well) = σ(vᵢ·uⱼ + bᵢ + cⱼ), see `LogisticMFSolver`. The factors are those of the
/// multidimensional two-parameter model of item response theory, see `FactorModel`.
public struct LogisticMFTrainer: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  public static let algorithm = "logistic-mf"

  /// One sentence for help texts.
  public static let summary =
    "logistic matrix factorization: abilities of LLMs, discriminations and difficulties of queries"

  /// The grid that `auto` chooses the penalty from, strongest first.
  public static let l2Grid = [100, 30, 10, 3, 1, 0.3]

  /// The number of latent factors, k; at most as many as there are LLMs or train queries are used.
  public var factors = 32
  /// λ of the factors.
  public var l2 = Choice.auto
  /// λ of the biases.
  public var biasL2 = 0.1
  /// The ridge on the weights of the embedding map.
  public var ridge = Choice.auto
  /// The largest number of sweeps of a fit.
  public var maximumSweeps = 200
  /// A sweep that lowers the objective by less than this share of it is the last.
  public var tolerance = 1e-5
  /// Whether each benchmark adds a bias of its own to every LLM.
  public var hasBenchmarkBiases = false
  /// The seed of the randomized start.
  public var seed: UInt64 = 42

  /// A trainer with the default settings.
  public init() {}

  /// Every hyper-parameter.
  public static let settings: [Setting<LogisticMFTrainer>] = [
    .integer(
      "factors", \.factors, placeholder: "K", in: 1...4096, help: "number of latent factors",
      search: .words(["4", "8", "16", "32", "64"])),
    .choice(
      "l2", \.l2, help: "penalty on the factors; auto chooses by log-loss on the validation queries",
      search: .logUniform(0.3, 100)),
    .choice(
      "ridge", \.ridge, help: "ridge of the map from embeddings to query factors; auto chooses like --l2"),
    .number(
      "bias-l2", \.biasL2, in: .positive, help: "penalty on the biases", search: .logUniform(0.01, 10)),
    .flag(
      "benchmark-biases", \.hasBenchmarkBiases,
      help: "let each benchmark add a bias of its own to every LLM"),
    .integer("max-sweeps", \.maximumSweeps, in: 1...100_000, help: "sweeps of a fit at most"),
    .number(
      "tolerance", \.tolerance, in: .from(0, to: 1),
      help: "stop when a sweep lowers the objective by less than this share"),
  ]

  /// The largest number of sweeps.
  public var maximumEpochs: Int { maximumSweeps }

  /// A trainer for each penalty of the grid, where it is to be chosen.
  public var candidates: [LogisticMFTrainer] {
    guard l2 == .auto else { return [self] }
    return Self.l2Grid.map { value in
      var candidate = self
      candidate.l2 = .fixed(value)
      return candidate
    }
  }

  /// Begins a fit at the singular vectors of the residuals of a model of biases only.
  ///
  /// - Throws: `DataError` for a ridge that can't be chosen; `NumericalError`.
  public func start(on data: TrainingData) throws -> FactorizationFit {
    guard let l2 = l2.fixed else { preconditionFailure("a penalty that is still to be chosen") }
    let mapped = try MappedFactors(data, ridge: ridge, scale: .logOdds)
    let rank = data.rank(ofFactors: factors)
    let solver = LogisticMFSolver(
      blocks: mapped.responses, llmCount: mapped.llms.count, l2: Float(l2), biasL2: Float(biasL2))
    let spectrum = try SpectralStart(
      blocks: mapped.responses, llmCount: mapped.llms.count, seed: seed
    ).spectrum(rank: rank)
    var start = SpectralStart.factors(from: spectrum, factors: rank, l2: Float(l2))
    if hasBenchmarkBiases {
      start.blockBiases = data.blocks.map { _ in Array(repeating: 0, count: mapped.llms.count) }
    }
    let sweeps = AcceleratedSweeps(solver: solver, maximumSweeps: maximumSweeps, tolerance: tolerance)
    return FactorizationFit(mapped, sweeps, from: start)
  }
}
