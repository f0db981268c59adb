import Metrics
import NumericKernels

#if canImport(Glibc)
  import Glibc
#endif

/// Which of several targets is best, and how sure that is, from estimates on the same rows.
package struct RouterSelection: Sendable {
  /// The place of the target with the highest estimate; the first of equals.
  package let best: Int
  /// How likely each target is the best, given the estimates and their errors alone; numbers of sum 1.
  package let probabilities: [Double]
  /// By how much the chosen one beats each target, with intervals that all hold at once; nil for itself.
  package let advantages: [Estimate?]

  /// By how much the highest estimate is above the true highest value, about: the mean of the same among drawn errors.
  package let optimism: Double

  /// Random draws of all errors together.
  private static let draws = 20_000

  /// A choice among at least one target.
  ///
  /// Errors are drawn from Student's distribution with the estimates' covariance. Intervals use the quantile of the
  /// largest of all pairs' errors, because which one is best was looked up first (Tukey's intervals).
  /// Cost K² passes over the clusters and 20,000·K² numbers.
  package init(_ targets: [Linearization], level: Double = 0.95, seed: UInt64) {
    precondition(!targets.isEmpty, "nothing to choose from")
    let values = targets.map(\.value)
    let best = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
    self.best = best
    let pairs = values.indices.flatMap { left in values.indices.dropFirst(left + 1).map { (left, $0) } }
    let differences = pairs.map { targets[$0.0] - targets[$0.1] }
    let errors = differences.map(\.standardError)
    let factor = Self.factor(targets, pairs, errors)
    let freedom = Int(min(targets.map(\.effectiveSampleSize).min() ?? 1, 1_000)) - 1
    var generator = SeededGenerator(seed: seed, stream: "selection")
    var wins = [Double](repeating: 0, count: values.count)
    var largest: [Double] = []
    var highest = 0.0
    largest.reserveCapacity(Self.draws)
    for _ in 0..<Self.draws {
      let normal = values.map { _ in Double(generator.normal()) }
      let scale = Self.studentScale(freedom, &generator)
      let noise = values.indices.map { row in
        (0...row).reduce(0) { $0 + factor[row][$1] * normal[$1] } * scale
      }
      let drawn = zip(values, noise).map { $0 + $1 }
      let top = drawn.max() ?? 0
      highest += top
      // Targets that pick alike differ by rounding alone: they share the draw.
      let winners = drawn.indices.filter { drawn[$0] >= top - 1e-9 }
      for winner in winners { wins[winner] += 1 / Double(winners.count) }
      var most = 0.0
      for (pair, error) in zip(pairs, errors) where error > 0 {
        most = max(most, abs(noise[pair.0] - noise[pair.1]) / error)
      }
      largest.append(most)
    }
    probabilities = wins.map { $0 / Double(Self.draws) }
    largest.sort()
    optimism = highest / Double(Self.draws) - values[best]
    let reach = largest[min(Int(level * Double(Self.draws)), Self.draws - 1)]
    advantages = targets.enumerated().map { place, target in
      guard place != best else { return nil }
      let difference = targets[best] - target
      let half = reach * difference.standardError
      return Estimate(difference.value, Interval(low: difference.value - half, high: difference.value + half))
    }
  }

  /// √(f/χ²) of f degrees of freedom; 1 where there are so many that it hardly varies, and for none.
  private static func studentScale(_ freedom: Int, _ generator: inout SeededGenerator) -> Double {
    guard freedom > 0, freedom < 200 else { return 1 }
    let squares = (0..<freedom).reduce(0.0) { sum, _ in
      let normal = Double(generator.normal())
      return sum + normal * normal
    }
    return (Double(freedom) / squares).squareRoot()
  }

  /// L with L·Lᵀ the covariance of the estimates that gives the differences their variances; K × K, lower.
  ///
  /// Cov(a, b) = (Var a + Var b − Var(a − b))/2. Directions in which nothing varies get 0.
  private static func factor(
    _ targets: [Linearization], _ pairs: [(Int, Int)], _ errors: [Double]
  ) -> [[Double]] {
    let variances = targets.map(\.variance)
    var covariance = variances.map { _ in [Double](repeating: 0, count: variances.count) }
    for (place, variance) in variances.enumerated() { covariance[place][place] = variance }
    for (pair, error) in zip(pairs, errors) {
      let shared = (variances[pair.0] + variances[pair.1] - error * error) / 2
      covariance[pair.0][pair.1] = shared
      covariance[pair.1][pair.0] = shared
    }
    var factor = covariance.map { [Double](repeating: 0, count: $0.count) }
    for row in covariance.indices {
      for column in 0...row {
        let rest =
          covariance[row][column] - (0..<column).reduce(0) { $0 + factor[row][$1] * factor[column][$1] }
        if row == column {
          factor[row][row] = rest > 1e-12 * variances[row] ? rest.squareRoot() : 0
        } else if factor[column][column] > 0 {
          factor[row][column] = rest / factor[column][column]
        }
      }
    }
    return factor
  }
}
