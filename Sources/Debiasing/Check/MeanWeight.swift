import Foundation

/// The mean of the weights 1/p of picks over the rows that could have been picks, which is 1 where the p are right.
///
/// Where weights of 200 are to be expected a few times, a log may hold none of them: its own variance is small then, and its
/// mean far from 1. So the variance is that of a mean of 1, E(w²) − 1 with E(w²) = Σw²/Σw, and one pick more of the log's
/// largest weight counts in it, or of a weight of n where that is less: a pick less likely than 1/n is not to be expected.
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
    let variance = max((squares + unseen * unseen) / (sum + unseen) - 1, 0)
    standardError = (variance / count).squareRoot()
  }

  /// How many standard errors the mean is from 1.
  var z: Double { Self.z(mean: mean, standardError: standardError) }

  /// The same of a mean and its standard error: the smaller of the plain distance and that of square roots (Anscombe 1948).
  ///
  /// Few heavy weights come like a Poisson count, whose upper tail is longer than the normal one.
  static func z(mean: Double, standardError: Double) -> Double {
    guard standardError > 0 else { return 0 }
    let expected = 1 / (standardError * standardError)
    let roots = (mean * expected + 0.375).squareRoot() - (expected + 0.375).squareRoot()
    return min(abs(mean - 1) / standardError, 2 * abs(roots))
  }

  /// The probability that one of so many means is as far off by chance (Bonferroni).
  func p(of tests: Int) -> Double { Self.p(ofZ: z, tests: tests) }

  /// The same of the distance.
  static func p(ofZ z: Double, tests: Int) -> Double {
    min(1, Double(tests) * erfc(z / 2.0.squareRoot()))
  }
}
