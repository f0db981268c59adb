import Baselines
import NumericKernels
import RoutingData

extension LogCheck {
  /// Whether recorded propensities are those of the picks, stratum by stratum of the features.
  ///
  /// Within a cluster of queries the mean of 1/p where an LLM was picked, and 0 elsewhere, is 1 too. A logger that records
  /// probabilities before its last rule, or of another policy, fails here.
  package struct Calibration: Codable, Sendable {
    /// How many pairs of a cluster and an LLM had enough picks.
    package let pairs: Int
    /// The largest |z| of (mean − 1) among them.
    package let largest: Double
    /// The mean weight of that pair.
    package let meanWeight: Double
    /// The LLM of that pair, a place in the pool.
    package let llm: Int
    /// The probability of a z as large in so many pairs, Bonferroni.
    package let p: Double

    private static let clusters = 10
    private static let leastPicks = 50

    /// Nil where no pair has 50 picks.
    init?(_ log: Log, features: Matrix, places: [Int: Int], seed: UInt64) {
      let data = ClusteredFeatures(features)
      let count = min(Self.clusters, max(features.rows / 20, 1))
      let centroids = KMeans(data, count: count, starts: 2, seed: seed).centroids
      let distances = data.squaredDistances(to: centroids)
      let cluster = (0..<distances.rows).map { row in
        (0..<distances.columns).reduce(0) { distances[row, $1] < distances[row, $0] ? $1 : $0 }
      }
      let m = log.llmCount
      var offered = [Double](repeating: 0, count: count * m)
      var whole = [Double](repeating: 0, count: count)
      var (sums, squares, picks) = (offered, offered, offered)
      for pick in log.picks {
        guard let place = places[pick.query], let propensity = pick.propensity else { continue }
        let own = cluster[place]
        if let offer = pick.offer {
          for llm in log.offers[offer] { offered[own * m + llm] += 1 }
        } else {
          whole[own] += 1
        }
        let pair = own * m + pick.llm
        sums[pair] += 1 / propensity
        squares[pair] += 1 / (propensity * propensity)
        picks[pair] += 1
      }
      var found: (weight: MeanWeight, llm: Int)?
      var pairs = 0
      let largest = 1 / (log.picks.compactMap(\.propensity).min() ?? 1)
      for pair in sums.indices where picks[pair] >= Double(Self.leastPicks) {
        let weight = MeanWeight(
          sum: sums[pair], squares: squares[pair], count: offered[pair] + whole[pair / m], largest: largest)
        pairs += 1
        if weight.z > found?.weight.z ?? -1 { found = (weight, pair % m) }
      }
      guard let found else { return nil }
      self.pairs = pairs
      (self.largest, meanWeight, llm) = (found.weight.z, found.weight.mean, found.llm)
      p = found.weight.p(of: pairs)
    }
  }
}
