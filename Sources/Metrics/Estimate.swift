/// A measured value with its bootstrap interval.
public struct Estimate: Codable, Equatable, Sendable {
  /// The value on the queries as they are.
  public let value: Double
  /// The lower end of the interval; nil where too few resamples define the value.
  public let low: Double?
  /// The upper end of the interval; nil where `low` is.
  public let high: Double?

  /// A value with its interval, if there is one.
  public init(_ value: Double, _ interval: Interval?) {
    self.value = value
    low = interval?.low
    high = interval?.high
  }

  private enum CodingKeys: String, CodingKey { case value, low, high }

  /// Writes all keys; a missing end is null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
  }
}

/// A range of values of a metric.
public struct Interval: Equatable, Sendable {
  /// The lower end.
  public let low: Double
  /// The upper end, not below the lower.
  public let high: Double

  /// An interval from its ends.
  public init(low: Double, high: Double) {
    precondition(low <= high, "interval from \(low) to \(high)")
    self.low = low
    self.high = high
  }

  /// The central percentile interval of some numbers, at least one; level in (0, 1).
  ///
  /// Resampled means of right and wrong answers lie on a lattice, and an order statistic jumps from one of its points to
  /// the next; so the quantiles interpolate the mid-distribution function, in which half of those equal to a number are
  /// below it (Ma, Genton and Parzen 2011). Without ties it is `numpy.percentile` with `method="hazen"`. The numbers
  /// must hold no NaN; those nearer than 10⁻⁶ are equal. Cost: linear in their number. Source: Efron and Tibshirani
  /// 1993, §13.3.
  public init(percentilesOf values: [Double], level: Double) {
    precondition(!values.isEmpty && level > 0 && level < 1, "\(values.count) values, level \(level)")
    var values = values
    let low = MidQuantile.of(&values, share: (1 - level) / 2)
    self.init(low: low, high: max(low, MidQuantile.of(&values, share: (1 + level) / 2)))
  }
}
