import NumericKernels

/// Ridge regression of LLMs that all have masks of their own, without a Gram matrix for each.
///
/// Conjugate gradients on each LLM's normal equations, each cell by its weight; the approximate inverse is that of the
/// full Gram matrix times the mean weight of the LLM's cells, missing ones counted as 0, which random masks make a good one.
struct RidgeImputation {
  let problem: RegressionProblem
  let centres: BenchmarkMeans

  /// Fills in a fit's weights and intercepts at its λ; cost 4·n·p·m operations a round.
  func fit(_ fit: inout RegressionFit) throws(NumericalError) {
    let (count, width) = (problem.benchmarkCount, problem.inputs.columns)
    let l2 = fit.l2
    var inputs = problem.inputs
    centres.centre(&inputs, benchmarks: problem.benchmarks)
    let eigen = try SymmetricEigen(BLAS.gram(inputs))
    // Indicators of the benchmarks beside the inputs: their weights are the intercepts.
    var extended = Matrix(rows: inputs.rows, columns: width + count)
    var indicators = Matrix(rows: inputs.rows, columns: count)
    extended.replace(rows: 0, columns: 0, with: inputs)
    for (row, benchmark) in problem.benchmarks.enumerated() {
      extended[row, width + benchmark] = 1
      indicators[row, benchmark] = 1
    }
    let observed = problem.weights
    let counts = BLAS.multiply(indicators, .transposed, observed, .asStored)
    let shares = (0..<counts.columns).map { column in
      counts.column(column).reduce(0, +) / Float(max(inputs.rows, 1))
    }
    // Weights of one LLM that differ much take many more rounds than a mask.
    let solution = try ColumnwiseConjugateGradients(maximumRounds: problem.isWeighted ? 5_000 : 300).solve(
      BLAS.multiply(
        extended, .transposed, problem.targets.multiplied(elementwise: observed), .asStored),
      what: "ridge regression with missing responses",
      product: { weights in
        let predicted = BLAS.multiply(extended, weights).multiplied(elementwise: observed)
        var result = BLAS.multiply(extended, .transposed, predicted, .asStored)
        for row in 0..<width {
          for column in 0..<weights.columns { result[row, column] += l2 * weights[row, column] }
        }
        return result
      },
      precondition: { residual in
        var projected = BLAS.multiply(eigen.vectors, residual.selecting(rows: Array(0..<width)))
        for row in 0..<width {
          for column in 0..<projected.columns {
            projected[row, column] /= shares[column] * max(eigen.values[row], 0) + l2
          }
        }
        var result = residual
        result.replaceRows(
          at: Array(0..<width), with: BLAS.multiply(eigen.vectors, .transposed, projected, .asStored))
        for row in 0..<count {
          for column in 0..<result.columns {
            result[width + row, column] /= counts[row, column] > 0 ? counts[row, column] : 1
          }
        }
        return result
      })
    fit.coefficients = solution.selecting(rows: Array(0..<width))
    fit.intercepts = solution.selecting(rows: Array(width..<width + count))
    for row in 0..<count {
      for column in 0..<counts.columns where counts[row, column] == 0 { fit.intercepts[row, column] = .nan }
    }
  }
}
