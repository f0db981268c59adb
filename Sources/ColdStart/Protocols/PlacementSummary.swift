import Evaluation
import Foundation

/// How well LLMs were placed in one cell: a benchmark, a choice of anchors, an estimator and a number of answers.
public struct PlacementSummary: Codable, Equatable, Sendable {
  /// The benchmark.
  public let benchmark: String
  /// How anchors were chosen.
  public let anchors: String
  /// The estimator.
  public let estimator: EstimatorName
  /// The number of answers.
  public let answers: Int
  /// The number of LLMs placed.
  public let llms: Int
  /// The mean absolute error.
  public let error: Double
  /// Its standard error over the LLMs.
  public let standardError: Double
  /// The mean error.
  public let bias: Double
  /// The share of intervals that hold the truth.
  public let coverage: Double
  /// The mean width of the intervals.
  public let width: Double

  private enum CodingKeys: String, CodingKey {
    case benchmark, anchors, estimator, answers, llms
    case error = "mae"
    case standardError = "mae_se"
    case bias, coverage, width
  }

  /// The summaries of some estimates, a cell each, in the order of their first estimate.
  public static func of(_ placed: [PlacedLLM]) -> [PlacementSummary] {
    placed.groupedInOrder { [$0.benchmark, $0.anchors, $0.estimator.rawValue, String($0.answers)] }.map {
      PlacementSummary($0.elements)
    }
  }

  private init(_ placed: [PlacedLLM]) {
    let first = placed[0]
    (benchmark, anchors, estimator, answers) = (
      first.benchmark, first.anchors, first.estimator, first.answers
    )
    llms = placed.count
    let count = Double(placed.count)
    let errors = placed.map { $0.estimate - $0.truth }
    let mean = errors.reduce(0.0) { $0 + abs($1) } / count
    error = mean
    let squares = errors.reduce(0.0) { $0 + (abs($1) - mean) * (abs($1) - mean) }
    standardError = (squares / max(count - 1, 1) / count).squareRoot()
    bias = errors.reduce(0, +) / count
    coverage = Double(placed.filter { $0.low <= $0.truth + 1e-9 && $0.truth <= $0.high + 1e-9 }.count) / count
    width = placed.reduce(0.0) { $0 + $1.high - $1.low } / count
  }
}
