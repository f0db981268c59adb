#if canImport(Glibc)
  import Glibc
#endif

/// Numbers of queries of which nearly all are equal, and the range that they could have had.
///
/// Resamples of 20 right answers are right answers: a bootstrap then says [1, 1], whatever n. What is known
/// is how many of n queries deviated from the usual value, so the rates of deviating down and up get exact
/// binomial bounds (Clopper and Pearson 1934), and a deviation may be as large as the range allows. The bounds
/// of both directions are combined by squaring and adding (Newcombe 1998); where only one is possible, as
/// for right and wrong answers, the result is the Clopper–Pearson interval itself.
public struct FewDeviations: Sendable {
  /// One number for each query.
  let terms: [Double]
  /// Where they can lie.
  let range: ClosedRange<Double>
  /// A metric's value from the mean of the terms; monotone.
  let value: @Sendable (_ mean: Double) -> Double

  /// Fewer deviating queries than this are too few to resample.
  static let few = 7

  /// Terms in a range and the metric that follows from their mean, by default the mean itself.
  public init(
    _ terms: [Double], in range: ClosedRange<Double>,
    value: @escaping @Sendable (_ mean: Double) -> Double = { $0 }
  ) {
    self.terms = terms
    self.range = range
    self.value = value
  }

  /// An interval of the metric at a level in (0, 1); nil where at least `few` queries deviate, or more than half.
  func interval(level: Double) -> Interval? {
    let count = terms.count
    let times = terms.reduce(into: [Double: Int]()) { $0[$1, default: 0] += 1 }
    guard
      let usual = times.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key,
      let common = times[usual], count - common < Self.few, 2 * (count - common) <= count
    else { return nil }
    let down = Side(terms.filter { $0 < usual }.map { usual - $0 }, of: count, level: level)
    let up = Side(terms.filter { $0 > usual }.map { $0 - usual }, of: count, level: level)
    let mean = usual + up.mean - down.mean
    func distance(_ more: Double, _ less: Double) -> Double { (more * more + less * less).squareRoot() }
    let low = mean - distance(down.most * (usual - range.lowerBound) - down.mean, up.mean - up.least)
    let high = mean + distance(up.most * (range.upperBound - usual) - up.mean, down.mean - down.least)
    let ends = [max(low, range.lowerBound), min(high, range.upperBound)].map(value)
    return Interval(low: min(ends[0], ends[1]), high: max(ends[0], ends[1]))
  }

  /// The deviations in one direction.
  private struct Side {
    /// Their sum over all queries.
    let mean: Double
    /// The greatest rate that is compatible with their number.
    let most: Double
    /// The least mean that is compatible with their number.
    let least: Double

    init(_ sizes: [Double], of count: Int, level: Double) {
      mean = sizes.reduce(0, +) / Double(count)
      most = BinomialRate.upper(sizes.count, of: count, level: level)
      least = BinomialRate.lower(sizes.count, of: count, level: level) * (sizes.min() ?? 0)
    }
  }
}

/// Exact two-sided bounds of a rate from a small number of events (Clopper and Pearson 1934).
enum BinomialRate {
  /// The greatest rate at which at most so many events of `count` have the probability (1 − level) / 2.
  static func upper(_ events: Int, of count: Int, level: Double) -> Double {
    guard events < count else { return 1 }
    return solve { atMost(events, of: count, rate: $0) > (1 - level) / 2 }
  }

  /// The least rate at which at least so many events of `count` have the probability (1 − level) / 2.
  static func lower(_ events: Int, of count: Int, level: Double) -> Double {
    guard events > 0 else { return 0 }
    return solve { 1 - atMost(events - 1, of: count, rate: $0) < (1 - level) / 2 }
  }

  /// The rate up to which a condition holds, by halving.
  private static func solve(_ holds: (_ rate: Double) -> Bool) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The probability of at most so many events, rate in (0, 1).
  static func atMost(_ events: Int, of count: Int, rate: Double) -> Double {
    // In logarithms, because the first terms may be smaller than any number.
    var term = Double(count) * log1p(-rate)
    var sum = exp(term)
    for event in 0..<events {
      term += log(Double(count - event) / Double(event + 1)) + log(rate) - log1p(-rate)
      sum += exp(term)
    }
    return min(1, sum)
  }
}
