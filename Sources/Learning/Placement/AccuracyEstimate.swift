import Foundation

/// The accuracy of an LLM on a benchmark as far as its answers tell: a value with its standard deviation.
public struct AccuracyEstimate: Codable, Equatable, Sendable {
  /// The benchmark's name.
  public let benchmark: String
  /// The queries whose mean response is meant, N.
  public let queries: Int
  /// How many of them the LLM answered.
  public let answered: Int
  /// The expected mean response, in [0, 1].
  public let mean: Double
  /// Its standard deviation.
  public let deviation: Double
  /// The least mean response that the answers leave possible.
  public let least: Double
  /// The largest one.
  public let most: Double

  /// An estimate from its parts.
  public init(
    benchmark: String, queries: Int, answered: Int, mean: Double, deviation: Double, least: Double,
    most: Double
  ) {
    self.benchmark = benchmark
    self.queries = queries
    self.answered = answered
    self.mean = mean
    self.deviation = deviation
    self.least = least
    self.most = most
  }

  /// The interval of about 95%, `multiplier` times as wide as the deviation says, within what is possible.
  ///
  /// An accuracy is skewed near 0 and 1: the interval is symmetric in its log-odds, with the slope taken at the mean.
  public func interval(multiplier: Double = 1) -> ClosedRange<Double> {
    let half = 1.959964 * multiplier * deviation
    guard half > 0, mean > 0, mean < 1 else { return mean...mean }
    let slope = mean * (1 - mean)
    let centre = log(mean / (1 - mean))
    // Where the log-odds stretch an interval beyond what the deviation says, the straight one is meant.
    func bound(_ sign: Double) -> Double {
      let bent = 1 / (1 + exp(-(centre + sign * half / slope)))
      return half < slope ? bent : mean + sign * half
    }
    return min(max(bound(-1), least), mean)...max(min(bound(1), most), mean)
  }

  /// How many deviations the interval must reach to hold a value.
  package func deviations(to value: Double) -> Double {
    let error = abs(value - mean)
    guard error > 0 else { return 0 }
    let slope = mean * (1 - mean)
    guard slope > 0, value > 0, value < 1 else { return error / max(deviation, 1e-9) }
    let bent = slope * abs(log(value / (1 - value)) - log(mean / (1 - mean)))
    return (bent < slope ? bent : max(error, slope)) / max(deviation, 1e-9)
  }
}
