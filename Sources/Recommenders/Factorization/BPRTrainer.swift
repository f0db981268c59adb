import LinearAlgebra
import RoutingData

/// Trains factors that rank the LLMs of each query, and the map from embeddings to query factors.
///
/// See `BPRSolver`. Pairs say how LLMs differ on a query, not how hard it is; its bias is fitted afterwards,
/// and a calibration makes probabilities of the scores.
public struct BPRTrainer: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  public static let algorithm = "bpr"

  /// One sentence for help texts.
  public static let summary = "pairwise factorization: the better of two LLMs should score higher on a query"

  /// The grid that `auto` chooses the penalty from, strongest first.
  public static let l2Grid: [Double] = [100, 30, 10, 3, 1]

  /// The number of latent factors, k; at most as many as there are LLMs or train queries are used.
  public var factors = 32
  /// The least difference of two responses that makes a pair.
  public var margin = 0.1
  /// How many others each LLM of a query is compared with.
  public var comparisons = 1
  /// λ of the factors.
  public var l2 = Choice.auto
  /// λ of the LLM biases.
  public var biasL2 = 0.1
  /// The ridge on the weights of the embedding map.
  public var ridge = Choice.auto
  /// The largest number of sweeps of a fit.
  public var maximumSweeps = 100
  /// A sweep that lowers the objective by less than this share of it is the last.
  public var tolerance = 1e-5
  /// The seed of the pairs and of the randomized start.
  public var seed: UInt64 = 42

  /// A trainer with the default settings.
  public init() {}

  /// Every hyper-parameter.
  public static let settings: [Setting<BPRTrainer>] = [
    .integer(
      "factors", \.factors, placeholder: "K", in: 1...4096, help: "number of latent factors",
      search: .words(["4", "8", "16", "32", "64"])),
    .number(
      "margin", \.margin, in: .from(1e-6, to: 1),
      help: "least difference of two responses to a query that makes a pair"),
    .integer(
      "comparisons", \.comparisons, in: 1...1000,
      help: "others that each LLM of a query is compared with", search: .words(["1", "2", "4"])),
    .choice(
      "l2", \.l2, help: "penalty on the factors; auto chooses by log-loss on the validation queries",
      search: .logUniform(0.3, 100)),
    .choice(
      "ridge", \.ridge, help: "ridge of the map from embeddings to query factors; auto chooses like --l2"),
    .number(
      "bias-l2", \.biasL2, in: .positive, help: "penalty on the LLM biases", search: .logUniform(0.01, 10)),
    .integer("max-sweeps", \.maximumSweeps, in: 1...100_000, help: "sweeps of a fit at most"),
    .number(
      "tolerance", \.tolerance, in: .from(0, to: 1),
      help: "stop when a sweep lowers the objective by less than this share"),
  ]

  /// The largest number of sweeps.
  public var maximumEpochs: Int { maximumSweeps }

  /// A trainer for each penalty of the grid, where it is to be chosen.
  public var candidates: [BPRTrainer] {
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
    let mapped = try MappedFactors(data, ridge: ridge, scale: .arbitrary)
    let rank = data.rank(ofFactors: factors)
    let (blocks, llmCount) = (mapped.responses, mapped.llms.count)
    let solver = BPRSolver(
      blocks: blocks, llmCount: llmCount, l2: Float(l2), biasL2: Float(biasL2), margin: Float(margin),
      comparisons: comparisons, seed: seed)
    let spectrum = try SpectralStart(blocks: blocks, llmCount: llmCount, seed: seed)
      .spectrum(rank: rank)
    let start = SpectralStart.factors(from: spectrum, factors: rank, l2: Float(l2)).withoutQueryBiases
    let sweeps = AcceleratedSweeps(solver: solver, maximumSweeps: maximumSweeps, tolerance: tolerance)
    return FactorizationFit(mapped, sweeps, from: start)
  }
}
