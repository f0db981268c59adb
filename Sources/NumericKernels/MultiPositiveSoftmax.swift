#if canImport(Glibc)
  import Glibc
#endif

/// The softmax loss of rows with several right answers, which never compete with each other.
///
/// The term of a right LLM p is −log(exp z_p / (exp z_p + Σ exp z_n)), the sum over the wrong LLMs n of
/// the same row only; it equals log(1 + exp(L − z_p)) with L = log Σ exp z_n. Source: the supervised
/// contrastive loss of Khosla et al. 2020 with the other positives taken out of the denominator.
public enum MultiPositiveSoftmax {
  /// Replaces logits by the gradient of the loss summed over the right cells, and returns that sum.
  ///
  /// Both matrices are n × m; labels ≥ 1/2 are right, smaller ones wrong, NaN missing. With
  /// s_p = σ(L − z_p) the gradient is −s_p for a right cell and (Σ s_p)·softmax(n) for a wrong one. The terms
  /// are the right cells of rows that have a wrong one; other rows have none and a gradient of 0. The sum is
  /// NaN where an observed logit of such a row is not finite. One thread; one or two exponentials a cell.
  public static func replaceWithSummedGradient(_ logits: inout Matrix, labels: Matrix) -> LossSum {
    typealias Lanes = VectorMath.Lanes
    let columns = logits.columns
    var softplus = SoftplusSum()
    var terms = 0.0
    let (zero, one) = (Lanes(repeating: 0), Lanes(repeating: 1))
    LabelledRows.forEach(&logits, labels: labels) { z, y in
      var largest = Lanes(repeating: -.infinity)
      var (right, wrong, faults) = (zero, zero, zero)
      LabelledRows.forEachGroup(z, y, columns: columns) { logit, label in
        let isWrong = label .< 0.5
        largest = pointwiseMax(largest, Lanes(repeating: -.infinity).replacing(with: logit, where: isWrong))
        right.replace(with: right + 1, where: label .>= 0.5)
        wrong.replace(with: wrong + 1, where: isWrong)
        faults.replace(with: faults + (logit - logit), where: label .== label)
      }
      guard right.sum() > 0, wrong.sum() > 0 else {
        for column in 0..<columns { z[column] = 0 }
        return
      }
      let top = largest.max()
      var exponentials = zero
      LabelledRows.forEachGroup(z, y, columns: columns) { logit, label in
        let isWrong = label .< 0.5
        let exponential = VectorMath.expNegative(zero.replacing(with: top - logit, where: isWrong))
        logit.replace(with: exponential, where: isWrong)
        exponentials.replace(with: exponentials + exponential, where: isWrong)
      }
      let whole = exponentials.sum()
      let normalizer = top + log(whole)
      var pull = zero
      LabelledRows.forEachGroup(z, y, columns: columns) { logit, label in
        let isRight = label .>= 0.5
        let difference = zero.replacing(with: normalizer - logit, where: isRight)
        let (share, small) = VectorMath.sigmoid(difference)
        softplus.add(difference, small: small, where: zero.replacing(with: one, where: isRight))
        logit.replace(with: -share, where: isRight)
        pull.replace(with: pull + share, where: isRight)
      }
      let factor = pull.sum() / whole
      LabelledRows.forEachGroup(z, y, columns: columns) { logit, label in
        logit.replace(with: logit * factor, where: label .< 0.5)
        logit.replace(with: 0, where: label .!= label)
      }
      softplus.add(linear: faults, factor: one)
      terms += Double(right.sum())
    }
    return LossSum(total: softplus.total, terms: terms)
  }
}
