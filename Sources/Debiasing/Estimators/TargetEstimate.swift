import Metrics

/// How the interval of an estimate is made.
package enum IntervalMethod: String, CaseIterable, Codable, Sendable {
  /// Linearized from 50 effective rows on, Cressie–Read below.
  case auto
  /// t standard errors of the linearized estimate on either side.
  case linearized
  /// `CressieRead`, whatever the estimator.
  case cressieRead = "cressie-read"
  /// `BettingBounds`, whatever the estimator: a guarantee.
  case betting
}

/// What a log says a target would earn, and how sure that is.
///
/// What is estimated is the mean answer that the target would get on queries drawn like the log's, each as often as the log
/// has rows of it; for the mean over just these queries the interval is too wide, never too narrow.
package struct TargetEstimate: Equatable, Sendable {
  /// The estimator's name.
  package let estimator: String
  /// The estimate; nil where there is none, or where part of the target can't be seen, so that only bounds are known.
  package let value: Double?
  /// The least value that is likely.
  package let low: Double
  /// The greatest value that is likely.
  package let high: Double
  /// How the interval was made; never `auto`.
  package let method: IntervalMethod
  /// The effective sample size.
  package let effectiveSampleSize: Double
  /// The share of the target's picks that the logger would never make, in [0, 1].
  package let unseenShare: Double

  /// Fewer effective rows than this are too few for the linearized interval.
  package static let fewRows = 50.0
  /// An estimate of a target by an estimator.
  ///
  /// Where the logger could not pick some of what the target picks, the rest is estimated, and the unseen share of the
  /// answers may be anything from 0 to 1. Cost some passes over the rows.
  package init(
    _ rows: TargetRows, by estimator: OffPolicyEstimator, method: IntervalMethod = .auto, level: Double = 0.95
  ) {
    let size = rows.effectiveSampleSize
    self.estimator = estimator.name
    effectiveSampleSize = size
    unseenShare = rows.isWhollySeen ? 0 : 1 - rows.seenMass
    let found = estimator.estimate(rows)
    var used = method
    if method == .auto { used = size < Self.fewRows ? .cressieRead : .linearized }
    // A model alone has no weights to be few of.
    if method == .auto, found?.shares.isEmpty == true { used = .linearized }
    self.method = used
    guard let found else {
      (value, low, high) = (nil, 0, 1)
      return
    }
    // What is estimated lies in [0, 1], whatever few rows make of it.
    value = unseenShare == 0 ? min(max(found.value, 0), 1) : nil
    var interval: Interval
    switch used {
    case .auto, .linearized: interval = found.interval(level: level)
    case .cressieRead:
      interval = CressieRead(rows).interval(level: level)
      // A point outside its interval would only confuse.
      if method == .auto {
        interval = Interval(low: min(interval.low, found.value), high: max(interval.high, found.value))
      }
    case .betting: interval = BettingBounds(rows).interval(level: level)
    }
    low = min(max(interval.low, 0), 1)
    high = min(max(interval.high, 0) + unseenShare, 1)
  }
}
