import Learning
import NumericKernels
import RoutingData

/// Kernel ridge regression as a linear smoother: what any LLM's responses to train queries say of other queries, with one
/// factorization for all LLMs, also those that come later.
///
/// With G = K + λI, s = G⁻¹·1 and k(x) the kernel with the train queries, the prediction is w(x)·y with
/// w = k·G⁻¹ + (1 − k·s)·sᵀ/(1ᵀs): a free intercept is part of it, so that weights sum to 1.
package struct KernelSmoother: Sendable {
  /// λ and σ, chosen by leave-one-out error.
  package struct Choice: Hashable, Sendable {
    /// λ, added to the kernel's diagonal.
    package let l2: Double
    /// σ.
    package let width: Double

    /// Numbers that are known already, above 0.
    package init(l2: Double, width: Double) {
      self.l2 = l2
      self.width = width
    }
  }

  private static let searchQueries = 1_000
  private static let groupQueries = 1_500
  private static let groupFolds = 4
  private static let groupMultiples: [Double] = [1, 3, 10, 30, 100]

  private let inputs: Matrix
  private let kernel: KernelFunction
  private let factor: Cholesky
  private let solution: Matrix
  private let sum: Float

  /// λ and σ for responses to train queries with some features, n × m without missing ones; some 15 fits of 1,000
  /// queries.
  ///
  /// - Throws: `DataError` for features that are all equal; `NumericalError`.
  package static func choice(_ inputs: Matrix, targets: Matrix, seed: UInt64) throws -> Choice {
    let problem = RegressionProblem(
      benchmarks: Array(repeating: 0, count: inputs.rows), benchmarkCount: 1, inputs: inputs,
      targets: targets,
      groups: [
        RegressionProblem.MaskGroup(rows: Array(0..<inputs.rows), columns: Array(0..<targets.columns))
      ])
    let found = try KernelSearch(
      problem, family: .rbf, l2: nil, width: nil, count: searchQueries, seed: seed
    ).run()
    return Choice(l2: found.l2, width: found.width ?? 1)
  }

  /// The same for queries unlike all train queries: λ is raised to the multiple that predicts whole groups of train queries
  /// best from the others, such as sub-scenarios.
  ///
  /// What one group tells of another is less than what a query tells of its neighbour. Cost some 20 fits of 1,500 queries.
  ///
  /// - Throws: `DataError` for features that are all equal; `NumericalError`.
  package static func choice(
    _ inputs: Matrix, targets: Matrix, groups: [Int], seed: UInt64
  ) throws -> Choice {
    let near = try choice(inputs, targets: targets, seed: seed)
    let rows = KernelSearch.sample(inputs.rows, count: groupQueries, seed: seed, stream: "kernel-groups")
    let folds = GroupFolds.dealt(rows.map { groups[$0] }, most: groupFolds, seed: seed)
    guard folds.contains(where: { $0 > 0 }) else { return near }
    var best: (error: Double, choice: Choice) = (.infinity, near)
    for multiple in groupMultiples {
      let tried = Choice(l2: near.l2 * multiple, width: near.width)
      var error = 0.0
      for fold in 0...(folds.max() ?? 0) {
        let out = rows.indices.filter { folds[$0] == fold }.map { rows[$0] }
        let kept = rows.indices.filter { folds[$0] != fold }.map { rows[$0] }
        let weights = try KernelSmoother(inputs.selecting(rows: kept), tried)
          .weights(of: inputs.selecting(rows: out))
        var wrong = BLAS.multiply(weights, targets.selecting(rows: kept))
        wrong.update(with: targets.selecting(rows: out)) { $0 -= $1 }
        error += Matrix.columnDots(wrong, wrong).reduce(0, +)
      }
      if error < best.error { best = (error, tried) }
    }
    return best.choice
  }

  /// Factors the kernel of the train queries; cost n³/3, memory 4·n² bytes.
  ///
  /// - Throws: `NumericalError` for a λ that is too small.
  package init(_ inputs: Matrix, _ choice: Choice) throws(NumericalError) {
    self.inputs = inputs
    kernel = KernelFamily.rbf.kernel(width: choice.width)
    var matrix = kernel.matrix(inputs)
    for row in 0..<matrix.rows { matrix[row, row] += Float(choice.l2) }
    factor = try Cholesky(consume matrix)
    solution = factor.solve(Matrix(rows: inputs.rows, columns: 1, repeating: 1))
    sum = solution.column(0).reduce(0, +)
  }

  /// The weights of the train queries' responses for other queries, q × n; cost 2·q·n·(d + n).
  package func weights(of features: Matrix) -> Matrix {
    var rows = kernel.matrix(features, inputs)
    let left = BLAS.multiply(rows, solution).mapped { 1 - $0 }
    factor.solveRows(of: &rows)
    BLAS.add(left, .asStored, solution, .transposed, scale: 1 / sum, to: &rows)
    return rows
  }
}
