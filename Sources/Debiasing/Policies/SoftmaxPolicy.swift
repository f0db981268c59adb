import NumericKernels
import Routing

/// Picks with probabilities in proportion to e^(s/T), s the score and T the temperature.
package struct SoftmaxPolicy: Policy {
  /// `softmax`.
  package let name = "softmax"
  /// T, above 0: small ones come near to the highest score, large ones near to equal shares.
  package let temperature: Float

  /// A policy of a temperature above 0.
  package init(temperature: Float) {
    precondition(temperature > 0 && temperature.isFinite, "temperature \(temperature)")
    self.temperature = temperature
  }

  /// The softmax of each row of the scores divided by T, n × m.
  package func picks(_ scores: Scores, among candidates: Candidates) -> Matrix {
    Elementwise.softmaxRows(scores.values, temperature: temperature)
  }
}
