/// The loss of independent yes-or-no labels given as logits: −log σ(z) for a label 1, −log(1 − σ(z)) for 0.
///
/// A label that is NaN is missing and counts nothing; the loss is the mean over the observed cells.
public enum BinaryCrossEntropy {
  /// The gradient of the mean loss with respect to the logits, (σ(z) − y) / k where k labels are observed.
  ///
  /// `logits` and `labels` are of one length, labels in [0, 1] or NaN; 0 where a label is missing,
  /// all 0 where none is observed; NaN where a logit is.
  public static func replaceWithGradient(_ logits: inout [Float], labels: [Float]) {
    precondition(logits.count == labels.count, "\(logits.count) logits, \(labels.count) labels")
    let observed = observedCount(labels)
    let scale = observed > 0 ? 1 / Float(observed) : 0
    let width = VectorMath.Lanes.scalarCount
    let whole = labels.count / width * width
    logits.withUnsafeMutableBytes { logits in
      labels.withUnsafeBytes { labels in
        for start in stride(from: 0, to: whole, by: width) {
          let offset = start * MemoryLayout<Float>.stride
          let gradient = gradient(
            logits.loadUnaligned(fromByteOffset: offset, as: VectorMath.Lanes.self),
            labels.loadUnaligned(fromByteOffset: offset, as: VectorMath.Lanes.self))
          logits.storeBytes(of: gradient * scale, toByteOffset: offset, as: VectorMath.Lanes.self)
        }
      }
    }
    var (last, lastLabels) = (VectorMath.Lanes(repeating: 0), VectorMath.Lanes(repeating: 0))
    for index in whole..<labels.count {
      last[index - whole] = logits[index]
      lastLabels[index - whole] = labels[index]
    }
    last = gradient(last, lastLabels) * scale
    for index in whole..<labels.count { logits[index] = last[index - whole] }
  }

  /// The mean loss over the observed labels; 0 where there are none.
  ///
  /// For looking at a model, not for inner loops: one exponential and one logarithm a cell.
  public static func meanLoss(logits: [Float], labels: [Float]) -> Double {
    precondition(logits.count == labels.count, "\(logits.count) logits, \(labels.count) labels")
    var sum = 0.0
    for (logit, label) in zip(logits, labels) where !label.isNaN {
      sum -= Double(Elementwise.logSigmoid(logit) - (1 - label) * logit)
    }
    return sum / Double(max(observedCount(labels), 1))
  }

  private static func observedCount(_ labels: [Float]) -> Int {
    var missing = 0
    for label in labels where label.isNaN { missing += 1 }
    return labels.count - missing
  }

  @inline(__always)
  private static func gradient(_ z: VectorMath.Lanes, _ y: VectorMath.Lanes) -> VectorMath.Lanes {
    let positive = z .>= 0
    let small = VectorMath.expNegative(z.replacing(with: -z, where: z .< 0))
    let larger = 1 / (1 + small)
    let probability = (small * larger).replacing(with: larger, where: positive)
    // The exponential's bit arithmetic would turn a NaN into a number.
    return (probability - y).replacing(with: .nan, where: z .!= z).replacing(with: 0, where: y .!= y)
  }
}
