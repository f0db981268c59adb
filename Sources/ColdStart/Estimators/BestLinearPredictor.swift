import Foundation
import Learning
import NumericKernels

/// The best linear predictor of a benchmark's mean from the answers to some anchors, learned from the known LLMs.
///
/// Ridge regression on centred answers; the penalty is the one of least leave-one-out error, which has a closed form
/// (Golub, Heath and Wahba 1979). It extrapolates badly beyond the known LLMs.
struct BestLinearPredictor: Sendable {
  private static let penalties: [Float] = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]

  /// The penalty chosen, as a share of the mean eigenvalue.
  let penalty: Float
  private let slopes: [Float]
  private let centre: [Float]
  private let mean: Double
  /// The leave-one-out root mean squared error.
  private let deviation: Double

  /// Learns from known LLMs; cost min(n, L)³ + n·L·min(n, L).
  ///
  /// - Throws: `NumericalError` where the eigenvalues do not converge.
  init(_ known: KnownBenchmark, anchors: [Int]) throws(NumericalError) {
    var answers = known.table.selecting(columns: anchors)
    let count = answers.rows
    let centre = anchors.indices.map { answers.column($0).reduce(0, +) / Float(count) }
    answers.addToRows(centre.map { -$0 })
    let mean = known.accuracies.reduce(0, +) / Double(count)
    let target = Matrix(rows: count, columns: 1, storage: known.accuracies.map { Float($0 - mean) })
    // Of the two Gram matrices the smaller one: A·Aᵀ has the same eigenvalues as Aᵀ·A.
    let isWide = anchors.count > count
    let eigen = try SymmetricEigen(BLAS.gram(isWide ? answers.transposed : answers))
    let directions: Matrix
    if isWide {
      directions = eigen.vectors
    } else {
      // Left singular vectors times singular values, LLMs × axes, as rows of axes.
      directions = BLAS.multiply(eigen.vectors, .asStored, answers, .transposed)
    }
    let values = eigen.values.map { max($0, 0) }
    let scale = max(values.reduce(0, +) / Float(values.count), 1e-6)
    let floor = 1e-6 * (values.last ?? 1)
    // Unit vectors along the axes on which LLMs differ.
    var axes = directions
    if !isWide {
      axes = axes.scalingRows(by: values.map { $0 > floor ? 1 / $0.squareRoot() : 0 })
    }
    let along = BLAS.multiply(axes, target)
    var best: (penalty: Float, error: Double, shrunk: [Float])?
    for share in Self.penalties {
      let penalty = share * scale
      let factors = values.map { $0 > floor ? $0 / ($0 + penalty) : 0 }
      var fitted = Matrix(rows: 1, columns: count)
      var leverages = [Float](repeating: 1 / Float(count), count: count)
      for axis in values.indices where factors[axis] > 0 {
        for llm in 0..<count {
          let own = axes[axis, llm]
          fitted[0, llm] += own * factors[axis] * along[axis, 0]
          leverages[llm] += own * own * factors[axis]
        }
      }
      var error = 0.0
      for llm in 0..<count {
        let residual = (target[llm, 0] - fitted[0, llm]) / max(1 - leverages[llm], 0.05)
        error += Double(residual * residual) / Double(count)
      }
      if error < best?.error ?? .infinity { best = (share, error, factors) }
    }
    penalty = best?.penalty ?? 1
    deviation = (best?.error ?? 0).squareRoot()
    // Slopes Aᵀ·U·(f/λ)·Uᵀ·t.
    var dual = Matrix(rows: 1, columns: count)
    let factors = best?.shrunk ?? []
    for axis in values.indices where values[axis] > floor {
      let share = factors[axis] / values[axis] * along[axis, 0]
      for llm in 0..<count { dual[0, llm] += axes[axis, llm] * share }
    }
    slopes = Array(BLAS.multiply(dual, answers).row(0))
    self.centre = centre
    self.mean = mean
  }

  /// The estimate for answers to the anchors, in their order.
  func estimate(_ responses: [Float]) -> EstimatedAccuracy {
    var result = mean
    for (index, response) in responses.enumerated() {
      result += Double(slopes[index] * (response - centre[index]))
    }
    return EstimatedAccuracy(mean: min(max(result, 0), 1), deviation: deviation)
  }
}
