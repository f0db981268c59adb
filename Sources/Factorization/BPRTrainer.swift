import Learning
import NumericKernels
import RoutingData

/// Trains factors that rank the LLMs of each query, and the map from embeddings to query factors.
///
/// See `BPRSolver`. Pairs say how LLMs differ on a query, not how hard it is; its bias is fitted afterwards,
/// and a calibration makes probabilities of the scores.
package struct BPRTrainer: FactorizationTrainer {
  /// The name of the algorithm on the command line and in model folders.
  package static let algorithm = "bpr"

  /// One sentence for help texts.
  package static let summary = "pairwise factorization: the better of two LLMs should score higher on a query"

  /// The grid that `auto` chooses the penalty from, strongest first.
  package static let l2Grid: [Double] = [100, 30, 10, 3, 1, 0.3, 0.1, 0.03]

  /// Factors, penalties and when to stop.
  package var options = FactorizationOptions(maximumSweeps: 100)
  /// The least difference of two responses that makes a pair.
  package var margin = 0.1
  /// How many others each LLM of a query is compared with.
  package var comparisons = 1
  /// The seed of the pairs and of the randomized start.
  package var seed: UInt64 = 42

  /// A trainer with the default settings.
  package init() {}

  /// Every hyper-parameter.
  package static let settings: [Setting<BPRTrainer>] =
    factorSettings + [
      .number(
        "margin", \.margin, in: .from(1e-6, to: 1),
        help: "least difference of two responses to a query that makes a pair"),
      .integer(
        "comparisons", \.comparisons, in: 1...1000,
        help: "others that each LLM of a query is compared with", search: .words(["1", "2", "4"])),
    ] + sweepSettings

  /// Begins a fit at the singular vectors of the residuals of a model of biases only.
  ///
  /// - Throws: `DataError` for data without a pair or a ridge that can't be chosen; `NumericalError`.
  package func start(on data: TrainingData) throws -> FactorizationFit {
    try data.requirePair(margin: Float(margin))
    let mapped = try MappedFactors(data, for: Self.algorithm, ridge: options.ridge, scale: .arbitrary)
    let rank = data.rank(ofFactors: options.factors)
    let (blocks, llmCount) = (mapped.responses, mapped.llms.count)
    let solver = BPRSolver(
      blocks: blocks, llmCount: llmCount, l2: fixedL2, biasL2: Float(options.biasL2), margin: Float(margin),
      comparisons: comparisons, seed: seed)
    let spectrum = try SpectralStart(blocks: blocks, llmCount: llmCount, seed: seed)
      .spectrum(rank: rank)
    let start = SpectralStart.factors(from: spectrum, factors: rank, l2: fixedL2).withoutQueryBiases
    return FactorizationFit(mapped, sweeps(of: solver), from: start)
  }
}
