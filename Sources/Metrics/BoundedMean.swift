/// The mean of one number for each query in a known range, and what is known of it from so many queries.
///
/// Resamples of 20 right answers are right answers: a bootstrap then says [1, 1], whatever n; and near an end of the range
/// its percentiles lean the wrong way. So the interval is a score interval (Wilson 1927): all means μ from which the
/// observed one is at most t standard errors away. The squared error at μ is ρ·μ(1 − μ)/n on the range scaled to 0…1, with
/// ρ such that it is the estimated one, stratum by stratum, at the observed mean: right and wrong answers without strata
/// give Wilson's interval, with Student's t for its normal quantile. Where no stratum varies, a deviation as large as
/// the range allows may have a rate up to the exact bound of none among n (Clopper and Pearson 1934).
public struct BoundedMean: Sendable {
  /// Whose interval it is.
  public enum Scope: Sendable {
    /// The metric is a function of this mean alone: the interval is the metric's.
    case whole
    /// The metric is more than this mean: the interval counts beside the percentiles, where too few queries deviate from
    /// the usual number to be resampled.
    case fewDeviations
  }

  /// One number for each query.
  let terms: [Double]
  /// Where they can lie.
  let range: ClosedRange<Double>
  /// Whose interval it is.
  let scope: Scope
  /// A metric's value from the mean of the terms; monotone.
  let value: @Sendable (_ mean: Double) -> Double

  /// Fewer deviating queries than this are too few to resample.
  static let few = 7

  /// Terms in a range and the metric that follows from their mean, by default the mean itself.
  public init(
    _ terms: [Double], in range: ClosedRange<Double>, scope: Scope = .whole,
    value: @escaping @Sendable (_ mean: Double) -> Double = { $0 }
  ) {
    self.terms = terms
    self.range = range
    self.scope = scope
    self.value = value
  }

  /// Whether at most half of the queries and fewer than `few` differ from the most frequent number.
  var hasFewDeviations: Bool {
    let times = terms.reduce(into: [Double: Int]()) { $0[$1, default: 0] += 1 }
    let deviating = terms.count - (times.values.max() ?? 0)
    return deviating < Self.few && 2 * deviating <= terms.count
  }

  /// An interval of the metric at a level in (0, 1); `strata` hold the places of all terms.
  ///
  /// Cost: linear in the number of terms, and a search for t.
  func interval(level: Double, strata: [[Int]]) -> Interval {
    let ends = bounds(level: level, strata: strata).map(value)
    return Interval(low: min(ends[0], ends[1]), high: max(ends[0], ends[1]))
  }

  /// The least and the greatest mean.
  private func bounds(level: Double, strata: [[Int]]) -> [Double] {
    let width = range.upperBound - range.lowerBound
    let spread = strata.reduce(0) { $0 + Self.squares(of: $1.map { terms[$0] }) }
    return MeanBounds(
      mean: ShiftedMean.of(terms), count: terms.count,
      variance: spread / (Double(terms.count) * width * width), freedom: terms.count - strata.count,
      isUniform: terms.allSatisfy { $0 == terms[0] }
    ).ends(in: range, level: level) { StudentLevel.quantile(level, freedom: $0) }
  }

  /// A stratum's size times its unbiased variance; 0 for a stratum of one.
  private static func squares(of values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let mean = ShiftedMean.of(values)
    return Double(values.count) / Double(values.count - 1)
      * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }
}
