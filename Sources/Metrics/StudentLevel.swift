#if canImport(Glibc)
  import Glibc
#endif

/// How much wider an interval must be where the spread itself is known from few queries.
package enum StudentLevel {
  /// The level at which normal quantiles are as wide as Student's at `level`.
  ///
  /// With `freedom` degrees of freedom; percentile intervals taken at it cover as intervals with t-quantiles do. Source: Hesterberg 2015,
  /// "What teachers should know about the bootstrap", §5.3 (expanded percentile intervals).
  static func expanded(_ level: Double, freedom: Int) -> Double {
    guard freedom > 0, freedom < 10_000 else { return level }
    // An interval holds less than all resamples.
    return min(erf(quantile(level, freedom: freedom) / 2.0.squareRoot()), 1 - 1e-12)
  }

  /// The t that |t| does not exceed with the probability `level`; the normal one from 10,000 degrees of freedom on.
  package static func quantile(_ level: Double, freedom: Int) -> Double {
    var (low, high) = (0.0, 1e6)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      let share =
        freedom < 10_000 ? central(middle, freedom: freedom) : erf(middle / 2.0.squareRoot())
      if share < level { low = middle } else { high = middle }
    }
    return low
  }

  /// The probability that |t| is at most `t` (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
  static func central(_ t: Double, freedom: Int) -> Double {
    let angle = atan(t / Double(freedom).squareRoot())
    let (sine, cosine) = (sin(angle), cos(angle))
    var (term, sum) = (freedom % 2 == 1 ? cosine : 1, 0.0)
    var index = freedom % 2 == 1 ? 1 : 0
    while index <= freedom - 2 {
      sum += term
      term *= cosine * cosine * Double(index + 1) / Double(index + 2)
      index += 2
    }
    return freedom % 2 == 1 ? 2 / Double.pi * (angle + sine * sum) : sine * sum
  }
}
