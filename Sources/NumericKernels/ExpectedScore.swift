/// The exact expected score of a router that draws an LLM from the softmax of its logits: J = Σ p_j·y_j.
///
/// The loss of a row is −J with p the softmax over the LLMs observed there: the policy gradient without
/// sampling, since all rewards are known.
public enum ExpectedScore {
  /// Replaces logits by the gradient of −J summed over the rows, −p_j(y_j − J), and returns that sum.
  ///
  /// Both matrices are n × m, labels in [0, 1] or NaN where missing; the terms are the rows with an
  /// observed cell. The sum is NaN where an observed logit is not finite. One thread; one exponential a cell.
  public static func replaceWithSummedGradient(_ logits: inout Matrix, labels: Matrix) -> LossSum {
    typealias Lanes = VectorMath.Lanes
    let columns = logits.columns
    var result = LossSum()
    let zero = Lanes(repeating: 0)
    LabelledRows.forEach(&logits, labels: labels) { z, y in
      var largest = Lanes(repeating: -.infinity)
      var faults = zero
      LabelledRows.forEachGroup(z, y, columns: columns) { logit, label in
        let isSeen = label .== label
        largest = pointwiseMax(largest, Lanes(repeating: -.infinity).replacing(with: logit, where: isSeen))
        faults.replace(with: faults + (logit - logit), where: isSeen)
      }
      guard faults.sum() == 0 else {
        result += LossSum(total: .nan, terms: 1)
        return
      }
      let top = largest.max()
      var (exponentials, rewards) = (zero, zero)
      LabelledRows.forEachGroup(z, y, columns: columns) { logit, label in
        let isSeen = label .== label
        let distance = zero.replacing(with: top - logit, where: isSeen)
        let exponential = zero.replacing(with: VectorMath.expNegative(distance), where: isSeen)
        exponentials += exponential
        rewards += exponential * zero.replacing(with: label, where: isSeen)
        logit = exponential
      }
      let whole = exponentials.sum()
      guard whole > 0 else { return }
      let score = rewards.sum() / whole
      LabelledRows.forEachGroup(z, y, columns: columns) { exponential, label in
        exponential = zero.replacing(with: exponential / whole * (score - label), where: label .== label)
      }
      result += LossSum(total: Double(-score), terms: 1)
    }
    return result
  }
}
