import Learning
import NumericKernels
import RoutingData

/// Kernel ridge regression of responses on embeddings, as the parts of a model.
struct KernelRidgeRegression: Sendable {
  /// The kernel's family.
  var family = KernelFamily.rbf
  /// λ, added to the kernel's diagonal; nil for the one with the least leave-one-out error.
  var l2: Double?
  /// The kernel's width σ; nil for the one with the least leave-one-out error.
  var width: Double?
  /// The rank of the coefficients; nil as for `RidgeRegression`.
  var rank: Int?
  /// With more train queries than this, the kernel is approximated from landmarks.
  var exactQueries = 20_000
  /// The number of landmarks.
  var landmarks = 2_000
  /// λ and width are searched on this many train queries.
  var searchQueries = 1_000
  /// The leave-one-out error of the exact fit is reported on this many train queries.
  var testedQueries = 256
  /// The seed of all samples.
  var seed: UInt64 = 42

  /// What was found.
  struct Result: Sendable {
    /// From embeddings to query vectors.
    let map: KernelMap
    /// The LLM factors, m × r.
    let llmFactors: Matrix
    /// The biases.
    let biases: InterceptBiases
    /// λ.
    let l2: Double
    /// σ; nil for the cosine.
    let width: Double?
    /// The mean squared error of predictions by fits without the query.
    let leaveOneOutError: Double
  }

  /// Fits all LLMs.
  ///
  /// - Throws: `DataError` for a rank above the number of LLMs or queries, or embeddings that are all equal;
  ///   `NumericalError` for a λ that is too small.
  func fit(_ problem: RegressionProblem) throws -> Result {
    let isExact = problem.inputs.rows <= exactQueries
    let count = isExact ? problem.inputs.rows : min(landmarks, problem.inputs.rows)
    let rank = try RidgeRegression.rank(rank, llms: problem.targets.columns, inputs: count)
    let isShared = problem.groups.count <= RegressionProblem.maximumGroups || problem.isWeighted
    let choice: KernelSearch.Choice
    if let l2, isExact, isShared, family == .cosine || width != nil {
      let kernel = family.kernel(width: width)
      choice = .init(l2: l2, width: family == .rbf ? width : nil, kernel: kernel, error: .infinity)
    } else {
      // Also where nothing is to be chosen but the leave-one-out error needs a sample.
      choice = try KernelSearch(
        problem, family: family, l2: l2, width: width, count: searchQueries, seed: seed
      ).run()
    }
    return try isExact
      ? exact(problem, choice, rank: rank)
      : approximate(problem, choice, rank: rank)
  }

  /// One factorization of the kernel of all train queries.
  private func exact(
    _ problem: RegressionProblem, _ choice: KernelSearch.Choice, rank: Int
  ) throws -> Result {
    let tested = KernelSearch.sample(
      problem.inputs.rows, count: testedQueries, seed: seed, stream: "leave-one-out")
    let fit = try KernelRidgeSolver(problem: problem, kernel: choice.kernel, l2: Float(choice.l2))
      .fit(tested: tested)
    func map(_ coefficients: Matrix) -> KernelMap {
      KernelMap(kernel: choice.kernel, landmarks: problem.inputs, coefficients: coefficients)
    }
    var fitted: Matrix
    if problem.groups.count == 1, problem.groups[0].rows.count == problem.inputs.rows, !problem.isWeighted {
      // (K + λ)·α = y − b gives the fitted values without the kernel, whose place L has taken.
      fitted = problem.targets
      for (row, benchmark) in problem.benchmarks.enumerated() {
        for column in 0..<fitted.columns {
          fitted[row, column] -= fit.l2 * fit.coefficients[row, column] + fit.intercepts[benchmark, column]
        }
      }
    } else {
      fitted = map(fit.coefficients).vectors(of: problem.inputs)
    }
    let means = BenchmarkMeans(fitted, benchmarks: problem.benchmarks, count: problem.benchmarkCount)
    means.centre(&fitted, benchmarks: problem.benchmarks)
    let axes = try FittedAxes(fitted, rank: rank, seed: seed)
    // What a lower rank takes from the means goes to the intercepts.
    var intercepts = fit.intercepts
    intercepts += means.values
    BLAS.add(
      BLAS.multiply(means.values, axes.projection), .asStored, axes.llmFactors, .transposed, scale: -1,
      to: &intercepts)
    return Result(
      map: map(BLAS.multiply(fit.coefficients, axes.projection)), llmFactors: axes.llmFactors,
      biases: InterceptBiases(intercepts), l2: choice.l2, width: choice.width,
      leaveOneOutError: fit.leaveOneOut.count > 0 ? fit.leaveOneOut.mean : choice.error)
  }

  /// Ridge regression on features of landmarks, which are drawn from the train queries.
  private func approximate(
    _ problem: RegressionProblem, _ choice: KernelSearch.Choice, rank: Int
  ) throws -> Result {
    let rows = KernelSearch.sample(problem.inputs.rows, count: landmarks, seed: seed, stream: "landmarks")
    let nystrom = try NystromFeatures(kernel: choice.kernel, landmarks: problem.inputs.selecting(rows: rows))
    let features = problem.with(inputs: nystrom.features(of: problem.inputs))
    let centres = BenchmarkMeans(
      features.inputs, benchmarks: problem.benchmarks, count: problem.benchmarkCount)
    let fit = try RidgeSolver(problem: features).fit(l2: l2, centres: centres)
    let (axes, weights) = try RidgeRegression.axes(fit, features, centres: centres, rank: rank, seed: seed)
    // Intercepts count from the mean features, the map from none.
    var intercepts = fit.intercepts
    BLAS.add(
      BLAS.multiply(centres.values, weights), .asStored, axes.llmFactors, .transposed, scale: -1,
      to: &intercepts)
    return Result(
      map: KernelMap(
        kernel: choice.kernel, landmarks: nystrom.landmarks,
        coefficients: nystrom.landmarkCoefficients(for: weights)),
      llmFactors: axes.llmFactors, biases: InterceptBiases(intercepts), l2: Double(fit.l2),
      width: choice.width,
      leaveOneOutError: fit.leaveOneOut.mean)
  }
}
