import NumericKernels
import RoutingData

/// Ridge regression of responses on embeddings, as the parts of a model.
struct RidgeRegression: Sendable {
  /// λ; nil for the one with the least leave-one-out error.
  var l2: Double?
  /// The rank of the weights; nil for as many as there are LLMs, at most `largestDefaultRank`.
  var rank: Int?
  /// The seed of the randomized decomposition of many LLMs.
  var seed: UInt64

  /// The rank where none is given: beyond it an LLM's factors are mostly noise, and a model is big.
  static let largestDefaultRank = 256

  /// What was found.
  struct Result: Sendable {
    /// The weights and the benchmarks' intercepts on the query's side, (d + B) × r.
    let weights: Matrix
    /// The LLM factors, m × r.
    let llmFactors: Matrix
    /// The biases.
    let biases: InterceptBiases
    /// λ.
    let l2: Double
    /// The mean squared error of predictions by fits without the query.
    let leaveOneOutError: Double
  }

  /// Fits all LLMs.
  ///
  /// - Throws: `DataError` for a rank above the number of LLMs or dimensions, or embeddings that are all equal;
  ///   `NumericalError`.
  func fit(_ problem: RegressionProblem) throws -> Result {
    let rank = try Self.rank(rank, llms: problem.targets.columns, inputs: problem.inputs.columns)
    let centres = BenchmarkMeans(
      problem.inputs, benchmarks: problem.benchmarks, count: problem.benchmarkCount)
    let fit = try RidgeSolver(problem: problem).fit(l2: l2, centres: centres)
    let (axes, weights) = try Self.axes(fit, problem, centres: centres, rank: rank, seed: seed)
    return Result(
      weights: .stacked([weights, BLAS.multiply(centres.values, weights).scaled(by: -1)]),
      llmFactors: axes.llmFactors, biases: InterceptBiases(fit.intercepts), l2: Double(fit.l2),
      leaveOneOutError: fit.leaveOneOut.mean)
  }

  /// The principal axes of a fit's values and its weights on them, p × r.
  static func axes(
    _ fit: RegressionFit, _ problem: RegressionProblem, centres: BenchmarkMeans, rank: Int, seed: UInt64
  ) throws(NumericalError) -> (FittedAxes, Matrix) {
    var inputs = problem.inputs
    centres.centre(&inputs, benchmarks: problem.benchmarks)
    let axes = try FittedAxes(BLAS.multiply(inputs, fit.coefficients), rank: rank, seed: seed)
    return (axes, BLAS.multiply(fit.coefficients, axes.projection))
  }

  /// The rank to use.
  ///
  /// - Throws: `DataError` for one that is too large.
  static func rank(_ rank: Int?, llms: Int, inputs: Int) throws(DataError) -> Int {
    let largest = min(llms, inputs)
    guard let rank else { return min(largest, largestDefaultRank) }
    guard rank <= largest else {
      throw DataError(
        "rank \(rank) for \(llms) LLMs and \(inputs) inputs: choose --rank of at most \(largest)")
    }
    return rank
  }
}
