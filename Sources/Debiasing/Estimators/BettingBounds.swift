import Metrics

#if canImport(Glibc)
  import Glibc
#endif

/// Bounds of a target's value that hold with the stated probability for any number of clusters, by betting.
///
/// A gambler bets on each cluster that the mean of w·y is above m; if m is the mean, the capital is a martingale and
/// exceeds 2/α with probability at most α/2 (Ville). Values at which it did are ruled out. The same on w·(1 − y), whose
/// mean is the mass less the value, gives the upper bound, so no largest weight needs to be known (Waudby-Smith and Ramdas
/// 2024; Waudby-Smith, Wu, Ramdas, Karampatziakis and Mineiro 2024). It asks for true propensities, independent
/// clusters and nothing else; the price is a wider interval. Cluster sizes are taken as given.
package struct BettingBounds: Sendable {
  /// Rows of each cluster, in the order of their first rows.
  private let sizes: [Double]
  /// Σ w·y of each cluster.
  private let gains: [Double]
  /// Σ w·(1 − y) of each cluster, and the mass that could not be picked.
  private let losses: [Double]
  private let mass: Double

  /// The clusters of some rows.
  package init(_ rows: TargetRows) {
    sizes = rows.sums(of: [Double](repeating: 1, count: rows.count))
    var (gains, losses) = (rows.weights, rows.weights)
    for row in 0..<rows.count {
      gains[row] *= rows.responses[row]
      losses[row] *= 1 - rows.responses[row]
      if let masses = rows.masses { losses[row] += 1 - masses[row] }
    }
    self.gains = rows.sums(of: gains)
    self.losses = rows.sums(of: losses)
    mass = rows.seenMass
  }

  /// The share of the capital that the largest loss may take.
  private static let boldness = 0.5

  /// The values of a level in (0, 1) that no bet rules out, within [0, mass that can be seen].
  ///
  /// Cost 60 passes over the clusters.
  package func interval(level: Double) -> Interval {
    let low = Self.lowerBound(gains, sizes, level: level)
    let high = 1 - Self.lowerBound(losses, sizes, level: level)
    return Interval(low: min(low, high, mass), high: min(max(low, high), mass))
  }

  /// The largest mean per row that the sums, none below 0, rule out with error (1 − level)/2; 0 where there is none.
  private static func lowerBound(_ sums: [Double], _ sizes: [Double], level: Double) -> Double {
    let wanted = log(2 / (1 - level))
    let largest = sizes.max() ?? 1
    // Bets look at earlier clusters alone: the variance that they saw, begun at that of a fair coin.
    var bets: [Double] = []
    bets.reserveCapacity(sums.count)
    var (sum, rows, squares) = (0.5, 1.0, 0.25)
    for place in sums.indices {
      bets.append((2 * wanted / Double(sums.count) * Double(place + 1) / squares).squareRoot())
      sum += sums[place]
      rows += sizes[place]
      let deviation = sums[place] - sum / rows * sizes[place]
      squares += deviation * deviation
    }
    func isRuledOut(_ mean: Double) -> Bool {
      // A capital too small for Double stays 0: it rules nothing out, which is on the safe side.
      var capital = 1.0
      let most = boldness / (largest * max(mean, 1e-12))
      let enough = exp(wanted)
      for place in sums.indices {
        capital *= 1 + min(bets[place], most) * (sums[place] - mean * sizes[place])
        if capital >= enough { return true }
      }
      return false
    }
    var (low, high) = (0.0, 1.0)
    guard isRuledOut(low) else { return 0 }
    for _ in 0..<30 {
      let middle = (low + high) / 2
      if isRuledOut(middle) { low = middle } else { high = middle }
    }
    return low
  }
}
