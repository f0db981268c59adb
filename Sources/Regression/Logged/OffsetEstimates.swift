/// How far each LLM's answers lie, on weighted average, above what predicts them, and how sure that is.
struct OffsetEstimates {
  /// d_j = Σw·(y − q) / Σw, m of them; the mean of the others for an LLM without cells.
  let offsets: [Double]
  /// The variance of each, at least a share of what all cells' residuals say; `unknown` for an LLM without cells.
  let variances: [Double]
  /// y − q − d, one for each cell.
  let residuals: [Double]

  /// The variance of an offset that nothing is known of: far more than a response in [0, 1] can have.
  static let unknown = 9.0

  /// So many effective cells count as much as the LLM's own residuals when its variance is estimated.
  private static let pooledCells = 10.0

  /// The estimates for predictions of each cell that did not see its query.
  init(_ cells: LoggedCells, predictions: [Double]) {
    let sizes = cells.effectiveSampleSizes
    let count = cells.llmCount
    var sums = [Double](repeating: 0, count: count)
    var weights = sums
    for (place, llm) in cells.llms.enumerated() {
      let weight = Double(cells.weights[place])
      sums[llm] += weight * (Double(cells.responses[place]) - predictions[place])
      weights[llm] += weight
    }
    let seen = (0..<count).filter { weights[$0] > 0 }
    var offsets = (0..<count).map { weights[$0] > 0 ? sums[$0] / weights[$0] : 0 }
    let mean = seen.reduce(0) { $0 + offsets[$1] } / Double(max(seen.count, 1))
    for llm in 0..<count where weights[llm] == 0 { offsets[llm] = mean }
    var residuals = [Double](repeating: 0, count: cells.count)
    var squares = [Double](repeating: 0, count: count)
    var (all, total) = (0.0, 0.0)
    for (place, llm) in cells.llms.enumerated() {
      let residual = Double(cells.responses[place]) - predictions[place] - offsets[llm]
      let weight = Double(cells.weights[place])
      residuals[place] = residual
      squares[llm] += weight * weight * residual * residual
      all += weight * residual * residual
      total += weight
    }
    let pooled = all / max(total, .leastNormalMagnitude)
    variances = (0..<count).map { llm in
      guard weights[llm] > 0 else { return Self.unknown }
      let own = squares[llm] / (weights[llm] * weights[llm])
      return (own * sizes[llm] + pooled / sizes[llm] * Self.pooledCells) / (sizes[llm] + Self.pooledCells)
    }
    self.offsets = offsets
    self.residuals = residuals
  }

  /// The same estimates, of which nobody knows how far they are off.
  var distrusted: OffsetEstimates {
    OffsetEstimates(
      offsets: offsets, variances: variances.map { _ in Self.unknown }, residuals: residuals.map { _ in 0 })
  }

  private init(offsets: [Double], variances: [Double], residuals: [Double]) {
    self.offsets = offsets
    self.variances = variances
    self.residuals = residuals
  }

  /// The covariances of each LLM's offset with that of other weights of the same cells.
  func covariances(with other: OffsetEstimates, _ cells: LoggedCells, _ otherCells: LoggedCells) -> [Double] {
    var sums = [Double](repeating: 0, count: cells.llmCount)
    var (weights, otherWeights) = (sums, sums)
    for (place, llm) in cells.llms.enumerated() {
      let (own, another) = (Double(cells.weights[place]), Double(otherCells.weights[place]))
      sums[llm] += own * another * residuals[place] * other.residuals[place]
      weights[llm] += own
      otherWeights[llm] += another
    }
    return sums.indices.map { llm in
      guard weights[llm] > 0, otherWeights[llm] > 0 else { return 0 }
      let limit = 0.999 * (variances[llm] * other.variances[llm]).squareRoot()
      return min(max(sums[llm] / (weights[llm] * otherWeights[llm]), -limit), limit)
    }
  }
}
