#if canImport(Glibc)
  import Glibc
#endif

/// How much worse than another a router may be, from differences of the same queries.
///
/// Tango's score interval (1998) for a difference of paired proportions, b gains and c losses among n queries: all mean
/// differences −δ from which b − c is at most t standard errors away, with the standard error that holds where the mean
/// is −δ. So it says what no loss at all among n queries says (Wald's interval is then [0, 0]). Differences of other
/// sizes than 1 are counted in units of Σd²/Σ|d|, which gives their variance; for fractions that are all of one size it is
/// the same test.
package enum NonInferiority {
  /// The lower confidence bound of the mean of some differences in [−1, 1], at least one; `level` in (0.5, 1) is one-sided.
  ///
  /// Cost: linear, and a search for δ.
  package static func lowerBound(of differences: [Double], level: Double) -> Double {
    precondition(!differences.isEmpty && level > 0.5 && level < 1, "\(differences.count) differences")
    let quantile = StudentLevel.quantile(2 * level - 1, freedom: max(differences.count - 1, 1))
    let (absolute, squares) = differences.reduce((0.0, 0.0)) { ($0.0 + abs($1), $0.1 + $1 * $1) }
    let unit = absolute > 0 ? squares / absolute : 1
    let gains = differences.reduce(0) { $0 + max($1, 0) } / unit
    let losses = differences.reduce(0) { $0 + max(-$1, 0) } / unit
    let count = Double(differences.count)
    var (low, high) = ((losses - gains) / count, 1.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if score(gains, losses, count, loss: middle) < quantile { low = middle } else { high = middle }
    }
    return max(-high * unit, -1)
  }

  /// The bound where so many queries, at least one, show no difference.
  package static func lowerBound(ofNoDifferenceAmong count: Int, level: Double) -> Double {
    let quantile = StudentLevel.quantile(2 * level - 1, freedom: max(count - 1, 1))
    return -quantile * quantile / (Double(count) + quantile * quantile)
  }

  /// The upper confidence bound, as `lowerBound`.
  package static func upperBound(of differences: [Double], level: Double) -> Double {
    -lowerBound(of: differences.map { -$0 }, level: level)
  }

  /// The score statistic of a mean difference of −loss.
  private static func score(_ gains: Double, _ losses: Double, _ count: Double, loss: Double) -> Double {
    let distance = gains - losses + count * loss
    guard distance > 0 else { return 0 }
    // The most probable rate of gains where losses are more by `loss`.
    let half = gains * (1 - loss) + losses * (1 + loss) - 2 * count * loss
    let root = max(0, half * half + 8 * count * gains * loss * (1 - loss)).squareRoot()
    let rate = max((half + root) / (4 * count), max(0, -loss))
    let variance = count * (2 * rate + loss - loss * loss)
    return variance > 0 ? distance / variance.squareRoot() : .infinity
  }
}
