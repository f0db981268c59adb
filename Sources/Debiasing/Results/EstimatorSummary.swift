import Evaluation

/// How good an estimator is on logs of one kind, over logs and routers.
public struct EstimatorSummary: Codable, Equatable, Sendable {
  /// The kind of the logs.
  public let kind: LogKind
  /// The estimator.
  public let estimator: String
  /// The number of logs.
  public let logs: Int
  /// The number of estimates, of logs and routers; those without one are left out.
  public let estimates: Int
  /// The mean of estimate − truth; nil, as all below up to the length, for one that chooses and says of none what it is worth.
  public let bias: Double?
  /// Its standard error over logs, whose routers share an error; nil for one log.
  public let biasError: Double?
  /// The root of the mean squared error.
  public let rootMeanSquare: Double?
  /// The share of 95% intervals that hold the truth.
  public let coverage: Double?
  /// Its standard error over logs.
  public let coverageError: Double?
  /// The mean length of the intervals.
  public let length: Double?
  /// The mean effective sample size.
  public let effectiveSampleSize: Double

  private enum CodingKeys: String, CodingKey {
    case kind, estimator, logs, estimates, bias, coverage, length
    case biasError = "bias_se"
    case rootMeanSquare = "rmse"
    case coverageError = "coverage_se"
    case effectiveSampleSize = "ess"
  }

  /// The summaries by kind and estimator, in the order of their first estimate.
  static func of(_ estimates: [EstimatedRouter]) -> [EstimatorSummary] {
    struct Key: Hashable {
      let kind: LogKind
      let estimator: String
    }
    let cells = estimates.groupedInOrder { Key(kind: $0.kind, estimator: $0.estimator) }
    return cells.compactMap { key, all in
      let own = all.filter { $0.estimate != nil }
      guard !own.isEmpty else { return nil }
      let logs = Set(own.map(\.log)).sorted()
      func overLogs(_ value: (EstimatedRouter) -> Double) -> MeanError {
        MeanError(logs.map { log in MeanError(own.filter { $0.log == log }.map(value)).mean })
      }
      let ess = overLogs(\.effectiveSampleSize).mean
      guard key.estimator != EstimatedRouter.shrunkName else {
        return EstimatorSummary(
          kind: key.kind, estimator: key.estimator, logs: logs.count, estimates: own.count, bias: nil,
          biasError: nil, rootMeanSquare: nil, coverage: nil, coverageError: nil, length: nil,
          effectiveSampleSize: ess)
      }
      func error(_ one: EstimatedRouter) -> Double { (one.estimate ?? one.truth) - one.truth }
      let bias = overLogs(error)
      let coverage = overLogs { $0.isCovered ? 1 : 0 }
      return EstimatorSummary(
        kind: key.kind, estimator: key.estimator, logs: logs.count, estimates: own.count, bias: bias.mean,
        biasError: bias.standardError,
        rootMeanSquare: overLogs { error($0) * error($0) }.mean.squareRoot(), coverage: coverage.mean,
        coverageError: coverage.standardError, length: overLogs { $0.high - $0.low }.mean,
        effectiveSampleSize: ess)
    }
  }
}

/// How often intervals of an estimator hold the truth where the effective sample size is so large.
public struct CoverageSummary: Codable, Equatable, Sendable {
  /// The bounds between ranges of effective sample sizes.
  public static let bounds: [Double] = [0, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, .infinity]

  /// The estimator.
  public let estimator: String
  /// Which answers were graded.
  public let grading: String
  /// The least effective sample size of the range.
  public let from: Double
  /// The mean effective sample size of the estimates in it.
  public let effectiveSampleSize: Double
  /// The number of estimates.
  public let estimates: Int
  /// The number of logs that they come from.
  public let logs: Int
  /// The share of 95% intervals that hold the truth.
  public let coverage: Double
  /// Its standard error over logs, whose routers share an error; nil for one log.
  public let coverageError: Double?
  /// The mean length of the intervals.
  public let length: Double

  private enum CodingKeys: String, CodingKey {
    case estimator, grading, from, estimates, logs, coverage, length
    case effectiveSampleSize = "ess"
    case coverageError = "coverage_se"
  }

  /// The summaries by grading, estimator and range; none of what only chooses.
  package static func of(_ estimates: [EstimatedRouter]) -> [CoverageSummary] {
    struct Key: Hashable {
      let grading: String
      let estimator: String
    }
    struct Source: Hashable {
      let kind: LogKind
      let log: Int
    }
    let cells = estimates.filter { $0.estimate != nil && $0.estimator != EstimatedRouter.shrunkName }
      .groupedInOrder { Key(grading: $0.kind.grading, estimator: $0.estimator) }
    return cells.flatMap { key, all in
      zip(bounds, bounds.dropFirst()).compactMap { from, to -> CoverageSummary? in
        let own = all.filter { $0.effectiveSampleSize >= from && $0.effectiveSampleSize < to }
        guard !own.isEmpty else { return nil }
        let sources = Dictionary(grouping: own) { Source(kind: $0.kind, log: $0.log) }
        let count = Double(own.count)
        let share = Double(own.count(where: \.isCovered)) / count
        // A ratio of sums over logs: its error is linearized.
        let squares = sources.values.reduce(0.0) { sum, group in
          let rest = Double(group.count(where: \.isCovered)) - share * Double(group.count)
          return sum + rest * rest
        }
        let groups = Double(sources.count)
        return CoverageSummary(
          estimator: key.estimator, grading: key.grading, from: from,
          effectiveSampleSize: own.reduce(0) { $0 + $1.effectiveSampleSize } / count,
          estimates: own.count, logs: sources.count, coverage: share,
          coverageError: sources.count > 1 ? (squares * groups / (groups - 1)).squareRoot() / count : nil,
          length: own.reduce(0) { $0 + $1.high - $1.low } / count)
      }
    }
  }
}
