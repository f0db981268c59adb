import Foundation

/// The mean of the weights 1/p of picks over the rows that could have been picks, which is 1 where the p are right.
///
/// Where weights of 200 are to be expected a few times, a log may hold none of them: its own variance is small then, and its
/// mean far from 1. So one pick more of the log's largest weight counts in the variance, or of a weight of n where that is
/// less: a pick less likely than 1/n is not to be expected at all.
struct MeanWeight {
  /// The mean.
  let mean: Double
  /// Its standard error.
  let standardError: Double

  /// From the sum and the sum of squares of the weights of picks among some rows, and the largest weight of the log.
  init(sum: Double, squares: Double, count: Double, largest: Double) {
    let count = max(count, 1)
    let unseen = min(max(largest, 1), count)
    mean = sum / count
    let variance = max((squares + unseen * unseen) / count - mean * mean, 0)
    standardError = (variance / count).squareRoot()
  }

  /// How many standard errors the mean is from 1.
  var z: Double { standardError > 0 ? abs(mean - 1) / standardError : 0 }

  /// The probability that one of so many means is as far off by chance (Bonferroni).
  func p(of tests: Int) -> Double { min(1, Double(tests) * erfc(z / 2.0.squareRoot())) }
}
