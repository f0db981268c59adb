import Foundation

/// The mixture of some estimates that is nearest to the truth: weights of at least 0 that sum to 1.
///
/// Minimises Σ (tᵢ − Σⱼ wⱼ·eᵢⱼ)² + λ·n·‖w − w₀‖² by exponentiated gradient (Kivinen and Warmuth 1997), w₀ all weight on
/// one estimator that is trusted before anything is seen.
struct SimplexLeastSquares {
  private static let rounds = 2_000
  /// How much the trusted estimator is preferred, as a share of its own squared error.
  private static let caution = 0.05

  /// The weights, in the order of the estimators.
  let weights: [Double]

  /// Weights for estimates of some truths, rows of one length; `trusted` is preferred where little is to be gained.
  init(_ estimates: [[Double]], truths: [Double], trusted: Int) {
    let count = estimates.first?.count ?? 0
    guard count > 0 else {
      weights = []
      return
    }
    // Σ e·eᵀ of the estimates' errors: with weights of sum 1 the error of the mixture is the mixture of errors.
    var gram = [[Double]](repeating: Array(repeating: 0, count: count), count: count)
    for (row, truth) in zip(estimates, truths) {
      for i in 0..<count {
        for j in 0..<count { gram[i][j] += (row[i] - truth) * (row[j] - truth) }
      }
    }
    let scale = max(gram[trusted][trusted], 1e-12)
    var current = (0..<count).map { $0 == trusted ? 0.5 : 0.5 / Double(max(count - 1, 1)) }
    if count == 1 { current = [1] }
    for _ in 0..<Self.rounds {
      let gradient = (0..<count).map { i -> Double in
        let pull = Self.caution * (current[i] - (i == trusted ? 1 : 0))
        return (0..<count).reduce(0.0) { $0 + gram[i][$1] * current[$1] } / scale + pull
      }
      let raised = zip(current, gradient).map { $0 * exp(-0.5 * $1) }
      let sum = raised.reduce(0, +)
      current = raised.map { $0 / sum }
    }
    weights = current
  }

  /// The mixture of some estimates.
  func mixed(_ estimates: [Double]) -> Double { zip(weights, estimates).reduce(0) { $0 + $1.0 * $1.1 } }
}
