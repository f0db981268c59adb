import NumericKernels
import RoutingData

/// Kernel ridge regression of all LLMs' responses, with a free intercept for each benchmark.
///
/// With G = K + λI and E the indicators of the benchmarks, the dual coefficients are α = C·y with
/// C = G⁻¹ − S·(EᵀS)⁻¹·Sᵀ and S = G⁻¹·E. The error of the prediction for query i by the fit without it is
/// αᵢ / Cᵢᵢ (Golub, Heath and Wahba 1979; Rifkin and Lippert 2007). Rows of weights w have λ/w in the place of λ: with
/// D = √w that is G = D·K·D + λI, E and y times D, and α = D·C·D·y. A tiny weight makes no huge diagonal then.
struct KernelRidgeSolver {
  let problem: RegressionProblem
  let kernel: KernelFunction
  /// λ, added to the kernel's diagonal.
  let l2: Float
  /// K of all rows, where it is known already.
  var matrix: Matrix?

  /// G of some rows, factored, with what the intercepts need.
  private struct System {
    let factor: Cholesky
    /// Which benchmarks have rows.
    let present: [Int]
    /// S = G⁻¹·E, n × b.
    let indicatorSolutions: Matrix
    /// The factor of EᵀS, b × b.
    let intercepts: Cholesky

    /// D, the roots of the rows' weights; nil where all are 1.
    private let roots: [Float]?

    init(
      _ kernel: consuming Matrix, benchmarks: [Int], weights: [Float]?, l2: Float
    ) throws(NumericalError) {
      var matrix = kernel
      let size = benchmarks.count
      let roots = weights.map { $0.map { $0.squareRoot() } }
      if let roots {
        for row in 0..<size {
          matrix.updateRow(row, with: roots[...]) { $0 *= $1 * roots[row] }
        }
      }
      self.roots = roots
      var largest: Float = 0
      for row in 0..<size {
        matrix[row, row] += l2
        largest = max(largest, matrix[row, row])
      }
      let remedy = Cholesky.remedy("--l2", l2, adding: Cholesky.enough(size: size, largest: largest))
      factor = try Cholesky(consume matrix) { _, _ in remedy }
      // Queries that are copies of each other leave no more than λ of a pivot, or only rounding.
      let rounding = 8 * Float(size).squareRoot() * (Float.ulpOfOne / 2) * largest
      if let row = factor.pivots.firstIndex(where: { $0 < rounding }) {
        throw .notPositiveDefinite(row: row, remedy: remedy)
      }
      present = Set(benchmarks).sorted()
      var indicators = Matrix(rows: size, columns: present.count)
      for (row, benchmark) in benchmarks.enumerated() {
        if let column = present.firstIndex(of: benchmark) { indicators[row, column] = roots?[row] ?? 1 }
      }
      indicatorSolutions = factor.solve(indicators)
      intercepts = try Cholesky(
        BLAS.multiply(indicators, .transposed, indicatorSolutions, .asStored)
      ) { _, _ in remedy }
    }

    /// The intercepts (EᵀS)⁻¹·Sᵀ·Y, b × m.
    func intercepts(of targets: Matrix) -> Matrix {
      intercepts.solve(BLAS.multiply(indicatorSolutions, .transposed, targets, .asStored))
    }

    /// Rows times D.
    func weighted(_ rows: Matrix) -> Matrix { roots.map(rows.scalingRows(by:)) ?? rows }

    /// G⁻¹·Y − S·b, n × m, which is α where there are no weights; `targets` are weighted.
    func coefficients(of targets: Matrix, intercepts: Matrix) -> Matrix {
      var result = factor.solve(targets)
      BLAS.add(indicatorSolutions, .asStored, intercepts, .asStored, scale: -1, to: &result)
      return result
    }

    /// Some elements Cᵢᵢ.
    func inverseDiagonal(of rows: [Int]) -> [Float] {
      let own = indicatorSolutions.selecting(rows: rows)
      var whitened = own
      intercepts.whitenRows(of: &whitened)
      return zip(rows.indices, factor.inverseDiagonal(of: rows)).map { index, value in
        value - BLAS.dot(whitened.row(index), whitened.row(index))
      }
    }
  }

  /// Fits all LLMs, with the leave-one-out errors of the rows in `tested` (ascending).
  ///
  /// Cost n³/3 for each mask, up to `RegressionProblem.maximumGroups` of them; with more, one factorization of all
  /// rows and some rounds of 2·n²·m operations, without leave-one-out errors. Where there are weights, n³/3 of the LLM's
  /// own rows for each LLM with weights of its own. Memory 4·n² bytes.
  ///
  /// - Throws: `NumericalError` where λ is too small.
  func fit(tested: [Int]) throws(NumericalError) -> RegressionFit {
    var fit = RegressionFit(
      coefficients: Matrix(rows: problem.inputs.rows, columns: problem.targets.columns),
      intercepts: Matrix(rows: problem.benchmarkCount, columns: problem.targets.columns, repeating: .nan),
      l2: l2)
    guard problem.groups.count <= RegressionProblem.maximumGroups || problem.isWeighted else {
      try impute(&fit)
      return fit
    }
    let tested = Set(tested)
    for group in problem.groups {
      let isWhole = group.rows.count == problem.inputs.rows
      let system = try System(
        (isWhole ? matrix : nil) ?? kernel.matrix(problem.inputs(of: group)),
        benchmarks: group.rows.map { problem.benchmarks[$0] }, weights: group.weights, l2: l2)
      let targets = system.weighted(problem.targets(of: group))
      let intercepts = system.intercepts(of: targets)
      let solutions = system.coefficients(of: targets, intercepts: intercepts)
      let coefficients = system.weighted(solutions)
      for (place, row) in group.rows.enumerated() {
        for (source, column) in group.columns.enumerated() {
          fit.coefficients[row, column] = coefficients[place, source]
        }
      }
      for (place, benchmark) in system.present.enumerated() {
        for (source, column) in group.columns.enumerated() {
          fit.intercepts[benchmark, column] = intercepts[place, source]
        }
      }
      let own = group.rows.indices.filter { tested.contains(group.rows[$0]) }
      for (row, inverse) in zip(own, system.inverseDiagonal(of: own)) where inverse > 0 {
        // What C gives is the error times √w.
        let weight = group.weights.map { Double($0[row]) } ?? 1
        for value in solutions.row(row) {
          fit.leaveOneOut.add(Double(value / inverse) / weight.squareRoot(), weight: weight)
        }
      }
    }
    return fit
  }

  /// Makes missing responses unknowns z that their own predictions must equal.
  ///
  /// Then α = C·(y + z) is 0 there, and what is left is each LLM's exact fit on its own rows.
  private func impute(_ fit: inout RegressionFit) throws(NumericalError) {
    let system = try System(
      matrix ?? kernel.matrix(problem.inputs), benchmarks: problem.benchmarks, weights: nil, l2: l2)
    let missing = problem.missing
    func inverse(_ targets: Matrix) -> Matrix {
      system.coefficients(of: targets, intercepts: system.intercepts(of: targets))
    }
    // Mean responses are the first guess, so that no rounding is spent on them.
    var filled = problem.targets
    let means = observedMeans(missing)
    filled.addProduct(of: missing, with: means, scale: 1)
    let start = inverse(filled).multiplied(elementwise: missing).scaled(by: -1)
    filled += try ColumnwiseConjugateGradients().solve(
      start, what: "kernel ridge regression with missing responses",
      product: { inverse($0).multiplied(elementwise: missing) }, precondition: { $0 })
    fit.intercepts = Matrix(rows: problem.benchmarkCount, columns: filled.columns, repeating: .nan)
    let intercepts = system.intercepts(of: filled)
    fit.coefficients = system.coefficients(of: filled, intercepts: intercepts)
    // What is left of α in missing cells is the iteration's error.
    fit.coefficients.update(with: missing) { $0 *= 1 - $1 }
    for (row, benchmark) in system.present.enumerated() {
      let rows = problem.benchmarks.indices.filter { problem.benchmarks[$0] == benchmark }
      for column in 0..<filled.columns where rows.contains(where: { missing[$0, column] == 0 }) {
        fit.intercepts[benchmark, column] = intercepts[row, column]
      }
    }
  }

  /// The mean of each LLM's responses.
  private func observedMeans(_ missing: Matrix) -> [Float] {
    let ones = Matrix(rows: missing.rows, columns: 1, repeating: 1)
    let sums = BLAS.multiply(ones, .transposed, problem.targets, .asStored)
    let absent = BLAS.multiply(ones, .transposed, missing, .asStored)
    return (0..<missing.columns).map { sums[0, $0] / max(Float(missing.rows) - absent[0, $0], 1) }
  }
}
