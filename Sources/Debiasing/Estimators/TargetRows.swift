/// The rows of a log as off-policy estimators of one target take them.
///
/// A target is what a router and its policy would do: it picks LLM a for query x with probability π(a|x). Each of n
/// rows holds what the estimators need of the target, of the answer and of a model q̂ that predicts answers. Several rows
/// may belong to one query; those of one query are a cluster, and clusters are independent.
package struct TargetRows: Sendable {
  /// w = π(a|x)/p of the logged pick, p the probability that its answer is seen; 0 for a row without an answer.
  package let weights: [Double]
  /// The answers, in [0, 1]; what the model predicts where nobody graded one.
  package let responses: [Double]
  /// What the model predicts of the logged pick, q̂(x, a).
  package let predictions: [Double]
  /// What the model predicts of the target, Σₐ π(a|x)·q̂(x, a).
  package let expected: [Double]
  /// How much of the target's probability lies on LLMs that the logger could pick, in [0, 1]; nil for all of it.
  package let masses: [Double]?
  /// The weight of the pick's group of LLMs, π(group|x)/p(group|x), for MIPS; nil where it is not known.
  package let groupWeights: [Double]?
  /// The query cluster of each row, numbers from 0.
  package let clusters: [Int]
  /// The number of clusters.
  package let clusterCount: Int

  /// Rows from their parts, all of one length and at least one; weights are finite and at least 0.
  ///
  /// Without clusters each row is one of its own.
  package init(
    weights: [Double], responses: [Double], predictions: [Double], expected: [Double],
    masses: [Double]? = nil, groupWeights: [Double]? = nil, clusters: [Int]? = nil
  ) {
    let count = weights.count
    precondition(count > 0, "no rows")
    precondition(
      [
        responses.count, predictions.count, expected.count, masses?.count, groupWeights?.count,
        clusters?.count,
      ]
      .compactMap { $0 }.allSatisfy { $0 == count }, "\(count) weights, other columns differ")
    self.weights = weights
    self.responses = responses
    self.predictions = predictions
    self.expected = expected
    self.masses = masses
    self.groupWeights = groupWeights
    self.clusters = clusters ?? Array(0..<count)
    clusterCount = (self.clusters.max() ?? 0) + 1
  }

  /// The number of rows, n.
  package var count: Int { weights.count }

  /// The mean share of the target's probability on LLMs that the logger could pick, in [0, 1].
  package var seenMass: Double { masses.map { $0.reduce(0, +) / Double($0.count) } ?? 1 }

  /// Whether the logger could pick all that the target picks, but for rounding.
  package var isWhollySeen: Bool { 1 - seenMass < Self.leastShare }

  /// What rounding makes of a share of 0.
  private static let leastShare = 1e-6

  /// Sums of some numbers, one for each row, over the rows of each cluster.
  func sums(of values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: clusterCount)
    for (cluster, value) in zip(clusters, values) { sums[cluster] += value }
    return sums
  }

  /// How many independent queries picked by the target would tell as much, (ΣW)²/ΣW² over clusters (Kish 1965).
  package var effectiveSampleSize: Double { EffectiveSize.of(sums(of: weights)) }
}

/// How many equal weights some weights are worth.
package enum EffectiveSize {
  /// (Σ|w|)²/Σw², 0 where all are 0; from 1 to the number of weights otherwise.
  package static func of(_ weights: [Double]) -> Double {
    // In units of the largest, so that no square leaves the range of numbers.
    let unit = weights.reduce(0) { max($0, abs($1)) }
    guard unit > 0 else { return 0 }
    var (sum, squares) = (0.0, 0.0)
    for weight in weights {
      let share = abs(weight) / unit
      sum += share
      squares += share * share
    }
    return sum * sum / squares
  }
}
