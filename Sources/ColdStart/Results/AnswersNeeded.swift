import Evaluation
import Foundation

/// How many answers a new LLM must give until its accuracy is known well enough.
public struct AnswersNeeded: Codable, Equatable, Sendable {
  /// The mean absolute errors that are asked for: 2 points and 1 point.
  public static let targets = [0.02, 0.01]

  /// The benchmark.
  public let benchmark: String
  /// How anchors were chosen.
  public let anchors: String
  /// The estimator.
  public let estimator: EstimatorName
  /// The mean absolute error that is asked for.
  public let target: Double
  /// The number of answers from which on the error is at most that; nil where more than the largest number tried is needed.
  public let answers: Double?

  /// The answers needed by every estimator and choice of anchors, in the order of the summaries.
  ///
  /// Between two numbers of answers the logarithm of the error is a straight line of that of their number. Where the
  /// smallest number is enough, it is the answer.
  public static func of(_ summaries: [PlacementSummary], targets: [Double] = targets) -> [AnswersNeeded] {
    let curves = summaries.filter { $0.answers > 0 }
      .groupedInOrder { [$0.benchmark, $0.anchors, $0.estimator.rawValue] }
    return curves.flatMap { _, own -> [AnswersNeeded] in
      let curve = own.sorted { $0.answers < $1.answers }
      guard let first = curve.first else { return [] }
      return targets.map { target in
        AnswersNeeded(
          benchmark: first.benchmark, anchors: first.anchors, estimator: first.estimator, target: target,
          answers: crossing(curve.map { (Double($0.answers), $0.error) }, target))
      }
    }
  }

  /// Where a curve goes below a target for good.
  static func crossing(_ curve: [(answers: Double, error: Double)], _ target: Double) -> Double? {
    guard let last = curve.lastIndex(where: { $0.error > target }) else { return curve.first?.answers }
    guard last + 1 < curve.count else { return nil }
    let (above, below) = (curve[last], curve[last + 1])
    // An error of nothing has no logarithm.
    let (high, low) = (log(above.error), log(max(below.error, target * 1e-3)))
    let share = (high - log(target)) / (high - low)
    return exp(log(above.answers) + share * (log(below.answers) - log(above.answers)))
  }
}
