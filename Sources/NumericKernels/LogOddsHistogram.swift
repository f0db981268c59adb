/// Right and wrong answers by the log-odds that were predicted: what the area under the ROC curve is made of.
///
/// 16,384 bins of 1/512 between −16 and 16; what lies outside belongs to the first and the last. Predictions of one
/// bin are ties, which moves an area by far less than its sampling error, and histograms of parts can be added.
public struct LogOddsHistogram: Equatable, Sendable {
  /// The amount of right answers in each bin.
  package private(set) var right: [Double]
  /// The amount of wrong answers in each bin.
  package private(set) var wrong: [Double]

  private static let bins = 16_384
  private static let binsPerUnit: Float = 512

  /// No answers.
  public init() {
    right = [Double](repeating: 0, count: Self.bins)
    wrong = right
  }

  /// The amounts of right and wrong answers in each bin.
  init(right: [Double], wrong: [Double]) {
    self.right = right
    self.wrong = wrong
  }

  /// The bin of some log-odds, which must not be NaN.
  @inline(__always)
  package static func bin(of logOdds: Float) -> Int {
    Int(min(max(logOdds * binsPerUnit + Float(bins / 2), 0), Float(bins - 1)))
  }

  /// Adds an answer to a prediction of some log-odds: a grade of y is y right and 1 − y wrong answers, each of some weight.
  public mutating func add(_ response: Double, logOdds: Float, weight: Double = 1) {
    let bin = Self.bin(of: logOdds)
    right[bin] += weight * response
    wrong[bin] += weight * (1 - response)
  }

  /// Adds the answers of another histogram.
  public mutating func add(_ other: LogOddsHistogram) {
    for bin in 0..<Self.bins {
      right[bin] += other.right[bin]
      wrong[bin] += other.wrong[bin]
    }
  }

  /// The probability that a right answer has a higher prediction than a wrong one, ties counting half; nil where
  /// all are right or all wrong.
  ///
  /// Source: Hanley and McNeil 1982.
  public var areaUnderCurve: Double? {
    // Up through the bins: each right answer beats the wrong ones below it.
    var (below, above, area) = (0.0, 0.0, 0.0)
    for (positive, negative) in zip(right, wrong) {
      area += positive * (below + negative / 2)
      above += positive
      below += negative
    }
    return above > 0 && below > 0 ? area / (above * below) : nil
  }
}
