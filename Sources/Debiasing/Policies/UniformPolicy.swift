import NumericKernels
import Routing

/// Picks every candidate with the same probability, 1/m.
package struct UniformPolicy: Policy {
  /// `uniform`.
  package let name = "uniform"

  /// The policy.
  package init() {}

  /// 1/m everywhere, n × m.
  package func picks(_ scores: Scores, among candidates: Candidates) -> Matrix {
    Matrix(
      rows: scores.values.rows, columns: candidates.count, repeating: 1 / Float(max(candidates.count, 1)))
  }
}
