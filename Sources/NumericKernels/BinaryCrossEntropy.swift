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

  /// Replaces logits by the gradient of the loss summed over the observed cells, σ(z) − y, and returns that sum.
  ///
  /// Both matrices are n × m, labels in [0, 1] or NaN where missing; the terms of the sum are the observed
  /// cells. The sum is NaN where an observed logit is not finite. One thread; cost one exponential a cell.
  public static func replaceWithSummedGradient(_ logits: inout Matrix, labels: Matrix) -> LossSum {
    precondition(
      logits.rows == labels.rows && logits.columns == labels.columns,
      "\(logits.shapeText) logits, \(labels.shapeText) labels")
    let count = labels.storage.count
    let width = VectorMath.Lanes.scalarCount
    var softplus = SoftplusSum()
    var (linear, observed) = (0.0, 0.0)
    logits.storage.withUnsafeMutableBufferPointer { logits in
      labels.storage.withUnsafeBufferPointer { labels in
        guard let z = logits.baseAddress, let y = labels.baseAddress else { return }
        for start in stride(from: 0, to: count, by: width) {
          let cells = min(width, count - start)
          let label = VectorMath.load(y + start, count: cells, padding: .nan)
          let isMissing = label .!= label
          let logit = VectorMath.load(z + start, count: cells, padding: 0).replacing(
            with: 0, where: isMissing)
          let known = label.replacing(with: 0, where: isMissing)
          let (probability, small) = VectorMath.sigmoid(logit)
          VectorMath.store(
            (probability - known).replacing(with: 0, where: isMissing), z + start, count: cells)
          let seen = VectorMath.Lanes(repeating: 1).replacing(with: 0, where: isMissing)
          softplus.add(logit, small: small, where: seen)
          linear += Double((known * logit).sum())
          observed += Double(seen.sum())
        }
      }
    }
    return LossSum(total: softplus.total - linear, terms: observed)
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

  /// As above, of matrices of one shape.
  public static func meanLoss(logits: Matrix, labels: Matrix) -> Double {
    meanLoss(logits: logits.storage, labels: labels.storage)
  }

  /// As above, of matrices of one shape.
  public static func replaceWithGradient(_ logits: inout Matrix, labels: Matrix) {
    replaceWithGradient(&logits.storage, labels: labels.storage)
  }

  /// The gradient of Σ w·loss / k with respect to the logits, where k labels are observed.
  ///
  /// Not divided by the sum of the weights: what a step of few queries weighs would cancel.
  public static func replaceWithGradient(_ logits: inout Matrix, labels: Matrix, weights: Matrix?) {
    replaceWithGradient(&logits, labels: labels)
    if let weights { logits.update(with: weights) { $0 *= $1 } }
  }

  /// The mean loss over the observed labels, each with its weight; 0 where there are none.
  public static func meanLoss(logits: Matrix, labels: Matrix, weights: Matrix?) -> Double {
    guard let weights else { return meanLoss(logits: logits, labels: labels) }
    var (sum, total) = (0.0, 0.0)
    for (index, label) in labels.storage.enumerated() where !label.isNaN {
      let (logit, weight) = (logits.storage[index], Double(weights.storage[index]))
      sum -= weight * Double(Elementwise.logSigmoid(logit) - (1 - label) * logit)
      total += weight
    }
    return total > 0 ? sum / total : 0
  }

  private static func observedCount(_ labels: [Float]) -> Int {
    var missing = 0
    for label in labels where label.isNaN { missing += 1 }
    return labels.count - missing
  }

  @inline(__always)
  private static func gradient(_ z: VectorMath.Lanes, _ y: VectorMath.Lanes) -> VectorMath.Lanes {
    let probability = VectorMath.sigmoid(z).probability
    // The exponential's bit arithmetic would turn a NaN into a number.
    return (probability - y).replacing(with: .nan, where: z .!= z).replacing(with: 0, where: y .!= y)
  }
}
