import Learning
import NumericKernels
import RoutingData

/// Trains factors by alternating weighted least squares, and the map from embeddings to query factors.
///
/// The responses themselves are factored, see `ALSSolver`; a calibration makes probabilities of the scores.
package struct ALSTrainer: FactorizationTrainer {
  /// The name of the algorithm on the command line and in model folders.
  package static let algorithm = "als"

  /// One sentence for help texts.
  package static let summary = "weighted least squares factorization: right answers count 1 + alpha times"

  /// The grid that `auto` chooses the penalty from, strongest first.
  package static let l2Grid: [Double] = [100, 30, 10, 3, 1, 0.3, 0.1, 0.03]

  /// Factors, penalties and when to stop.
  package var options = FactorizationOptions(maximumSweeps: 100)
  /// α of the confidence 1 + α·y of a response y.
  package var alpha = 1.0
  /// The seed of the randomized start.
  package var seed: UInt64 = 42

  /// A trainer with the default settings.
  package init() {}

  /// Every hyper-parameter.
  package static let settings: [Setting<ALSTrainer>] =
    factorSettings + [
      .number(
        "alpha", \.alpha, in: .nonnegative, help: "a response y counts 1 + alpha * y times",
        search: .uniform(0, 4))
    ] + sweepSettings

  /// Begins a fit at the truncated decomposition of the centred responses.
  ///
  /// - Throws: `DataError` for a ridge that can't be chosen; `NumericalError`.
  package func start(on data: TrainingData) throws -> FactorizationFit {
    let mapped = try MappedFactors(data, for: Self.algorithm, ridge: options.ridge, scale: .arbitrary)
    let rank = data.rank(ofFactors: options.factors)
    let (blocks, llmCount) = (mapped.responses, mapped.llms.count)
    let solver = try ALSSolver(
      blocks: blocks, llmCount: llmCount, factors: rank, l2: fixedL2, biasL2: Float(options.biasL2),
      gain: Float(alpha))
    let start = try LeastSquaresSpectrum(blocks: blocks, llmCount: llmCount, seed: seed)
      .spectrum(rank: rank, biasL2: Float(options.biasL2)).factors(rank, shrinkage: fixedL2)
    return FactorizationFit(mapped, sweeps(of: solver), from: start)
  }
}
