import Foundation
import NumericKernels
import RoutingData

/// Ridge regression of all LLMs' responses on the inputs of a problem, with a free intercept for each benchmark.
///
/// One eigendecomposition of the Gram matrix serves every LLM of a mask and every λ. With XᵀX = Q·S·Qᵀ the
/// residuals and the hat matrix's diagonal h are products with Z = X·Q, and the error of the prediction for a query
/// by the fit without it is its residual divided by 1 − h (Golub, Heath and Wahba 1979). Where rows have weights w, all this
/// holds for rows of X and Y times √w, after their weighted means were taken away.
struct RidgeSolver {
  let problem: RegressionProblem

  /// What `auto` multiplies the mean eigenvalue of the Gram matrix with.
  static let grid: [Double] = [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]

  private static let stepsBeyond = 4

  /// One mask's inputs in the basis of their Gram matrix.
  private struct Basis {
    let group: RegressionProblem.MaskGroup
    let benchmarks: [Int]
    let means: BenchmarkMeans
    /// Eigenvalues s.
    let values: [Double]
    /// Qᵀ, one eigenvector a row.
    let vectors: Matrix
    /// Z = X·Q, n × p, rows times √w.
    let projected: Matrix
    /// Targets less their benchmark means, n × m, rows times √w.
    let targets: Matrix
    let targetMeans: BenchmarkMeans
    /// Qᵀ·Xᵀ·Y, p × m.
    let cross: Matrix

    init(_ problem: RegressionProblem, _ group: RegressionProblem.MaskGroup) throws(NumericalError) {
      self.group = group
      benchmarks = group.rows.map { problem.benchmarks[$0] }
      var inputs = problem.inputs(of: group)
      means = BenchmarkMeans(
        inputs, benchmarks: benchmarks, count: problem.benchmarkCount, weights: group.weights)
      means.centre(&inputs, benchmarks: benchmarks)
      var targets = problem.targets(of: group)
      targetMeans = BenchmarkMeans(
        targets, benchmarks: benchmarks, count: problem.benchmarkCount, weights: group.weights)
      targetMeans.centre(&targets, benchmarks: benchmarks)
      if let roots = group.weights?.map({ $0.squareRoot() }) {
        inputs = inputs.scalingRows(by: roots)
        targets = targets.scalingRows(by: roots)
      }
      let eigen = try SymmetricEigen(BLAS.gram(inputs))
      values = eigen.values.map { max(Double($0), 0) }
      vectors = eigen.vectors
      projected = BLAS.multiply(inputs, .asStored, vectors, .transposed)
      cross = BLAS.multiply(projected, .transposed, targets, .asStored)
      self.targets = targets
    }

    /// The smallest λ whose effect rounding does not drown.
    var smallestPenalty: Double {
      (values.last ?? 0) * 4 * Double(Float.ulpOfOne) * Double(values.count).squareRoot()
    }

    /// (S + λ)⁻¹·Qᵀ·Xᵀ·Y.
    private func shrunk(_ l2: Double) -> Matrix {
      cross.scalingRows(by: (0..<cross.rows).map { Float(1 / (values[$0] + l2)) })
    }

    /// The errors of predictions without the query, for each λ; cost 2·n·p·(m + 1) operations each.
    func leaveOneOut(_ penalties: [Double]) -> [SquaredErrors] {
      var weights = Matrix(rows: values.count, columns: penalties.count)
      for row in 0..<weights.rows {
        for (column, l2) in penalties.enumerated() { weights[row, column] = Float(1 / (values[row] + l2)) }
      }
      let leverages = BLAS.multiply(projected.multiplied(elementwise: projected), weights)
      return penalties.indices.map { index in
        var residuals = targets
        BLAS.add(projected, .asStored, shrunk(penalties[index]), .asStored, scale: -1, to: &residuals)
        var errors = SquaredErrors()
        for (row, benchmark) in benchmarks.enumerated() {
          let weight = group.weights.map { Double($0[row]) } ?? 1
          let kept = 1 - weight / means.weights[benchmark] - Double(leverages[row, index])
          // A query that decides its own prediction alone says nothing of the others.
          guard kept > 1e-6 else { continue }
          // Residuals are those of weighted rows.
          let root = weight.squareRoot()
          for residual in residuals.row(row) { errors.add(Double(residual) / root / kept, weight: weight) }
        }
        return errors
      }
    }

    /// The fit at λ; `centres` are the means of all queries' inputs, where intercepts count from.
    func fit(_ l2: Double, centres: BenchmarkMeans) -> (weights: Matrix, intercepts: Matrix) {
      let weights = BLAS.multiply(vectors, .transposed, shrunk(l2), .asStored)
      var shifts = centres.values
      shifts.update(with: means.values) { $0 -= $1 }
      var intercepts = BLAS.multiply(shifts, weights)
      intercepts += targetMeans.values
      for (row, count) in means.counts.enumerated() where count == 0 {
        for column in 0..<intercepts.columns { intercepts[row, column] = .nan }
      }
      return (weights, intercepts)
    }
  }

  /// Fits all LLMs; λ is given, or the one of the grid with the least leave-one-out error.
  ///
  /// Intercepts belong to inputs less the benchmark means `centres`. Cost n·p² and 10·p³ for each mask and set of weights, up to
  /// `RegressionProblem.maximumGroups` of them; with more, λ is chosen on the largest and the fits are
  /// iterative.
  ///
  /// - Throws: `DataError` for inputs that are all equal, or a λ too small for them; `NumericalError`.
  func fit(l2: Double?, centres: BenchmarkMeans) throws -> RegressionFit {
    let isShared = problem.groups.count <= RegressionProblem.maximumGroups
    // Wide inputs make a decomposition dear.
    let chosen = isShared ? problem.groups : problem.largestGroups(problem.inputs.columns > 1_000 ? 2 : 8)
    let bases = try chosen.map { group throws(NumericalError) in try Basis(problem, group) }
    let smallest = bases.map(\.smallestPenalty).max() ?? 0
    let scale = (bases.map { $0.values.reduce(0, +) / Double(max($0.values.count, 1)) }).max() ?? 0
    guard scale > 0 else {
      throw DataError("all train embeddings are equal: nothing can be predicted from them")
    }
    if let l2, l2 < smallest {
      throw DataError(
        "l2 \(shortNumber(l2)) is lost to rounding beside these embeddings: choose --l2 of at least "
          + shortNumber(smallest))
    }
    var penalties = l2.map { [$0] } ?? Self.grid.map { $0 * scale }.filter { $0 >= smallest }
    func leaveOneOut(_ penalties: [Double]) -> [SquaredErrors] {
      var errors = penalties.map { _ in SquaredErrors() }
      for basis in bases {
        for (index, part) in basis.leaveOneOut(penalties).enumerated() { errors[index].add(part) }
      }
      return errors
    }
    var errors = leaveOneOut(penalties)
    var best = penalties.indices.min { (errors[$0].mean, $0) < (errors[$1].mean, $1) } ?? 0
    if l2 == nil, best == 0 || best == penalties.count - 1 {
      // A choice at the grid's edge goes on beyond it, as long as that helps.
      let factor = best == 0 ? 0.1 : 10
      for _ in 0..<Self.stepsBeyond {
        let next = penalties[best] * factor
        guard next >= smallest, let error = leaveOneOut([next]).first, error.mean < errors[best].mean else {
          break
        }
        penalties.append(next)
        errors.append(error)
        best = penalties.count - 1
      }
    }
    var fit = RegressionFit(
      coefficients: Matrix(rows: problem.inputs.columns, columns: problem.targets.columns),
      intercepts: Matrix(rows: problem.benchmarkCount, columns: problem.targets.columns),
      l2: Float(penalties[best]), leaveOneOut: errors[best])
    guard isShared else {
      try RidgeImputation(problem: problem, centres: centres).fit(&fit)
      return fit
    }
    for basis in bases {
      let (weights, intercepts) = basis.fit(penalties[best], centres: centres)
      fit.coefficients.replaceColumns(basis.group.columns, with: weights)
      fit.intercepts.replaceColumns(basis.group.columns, with: intercepts)
    }
    return fit
  }
}

/// A number for a message, with three digits.
func shortNumber(_ value: Double) -> String { "\(Float(String(format: "%.3g", value)) ?? Float(value))" }
