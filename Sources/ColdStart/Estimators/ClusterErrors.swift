import Learning
import NumericKernels

/// UniRoute's per-cluster errors (Jitkrittum and others 2025, arXiv 2502.08773) as an estimate of accuracy.
///
/// An LLM is its mean answer in each cluster of queries; a cluster without an answer has the mean of all. Here queries are
/// alike where known LLMs answer them alike, and there is a cluster for every five answers.
struct ClusterErrors {
  private static let answersOfCluster = 5

  /// The cluster of each query.
  private let numbers: [Int]
  /// Each cluster's share of the queries.
  private let shares: [Double]

  /// Clusters for so many answers of the queries' points, n × d.
  init(of points: Matrix, answers: Int, seed: UInt64) {
    let clusters = QueryClusters(of: points, count: max(answers / Self.answersOfCluster, 1), seed: seed)
    numbers = clusters.numbers
    shares = clusters.sizes.map { Double($0) / Double(max(points.rows, 1)) }
  }

  /// Σ share·mean over clusters, with the deviation of means of independent answers.
  func estimate(_ answers: [GradedAnchor]) -> EstimatedAccuracy {
    var sums = [Double](repeating: 0, count: shares.count)
    var counts = sums
    for answer in answers {
      sums[numbers[answer.query]] += Double(answer.response)
      counts[numbers[answer.query]] += 1
    }
    let all = sums.reduce(0, +) / max(counts.reduce(0, +), 1)
    var (mean, variance) = (0.0, 0.0)
    for (cluster, share) in shares.enumerated() {
      let count = max(counts[cluster], 1)
      mean += share * (counts[cluster] > 0 ? sums[cluster] / count : all)
      // One right and one wrong answer more, so that a cluster of equal answers is not sure.
      let smoothed = (sums[cluster] + 1) / (counts[cluster] + 2)
      variance += share * share * smoothed * (1 - smoothed) / count
    }
    return EstimatedAccuracy(mean: mean, deviation: variance.squareRoot())
  }
}
