import Foundation
import NumericKernels

/// From a score to the probability of a good answer, σ(slope · score + intercept) (Platt 1999).
public struct Calibration: Codable, Equatable, Sendable {
  /// The slope, above 0, so that the order of scores is kept.
  public let slope: Float
  /// The intercept.
  public let intercept: Float

  /// Scores that are log-odds already.
  public static let logOdds = Calibration(slope: 1, intercept: 0)

  /// A calibration from its two numbers.
  public init(slope: Float, intercept: Float) {
    self.slope = slope
    self.intercept = intercept
  }

  /// The calibration with the least log-loss over observed cells, by Newton's method on the two numbers.
  ///
  /// `scores` and `labels` are of one length; a label is in [0, 1], or NaN where a response is missing. A cell of
  /// weight w counts as w cells; without weights each counts 1. A weak prior keeps the slope finite where scores separate right from wrong, and it stays above 0 in any
  /// case. Scores without spread, or no label, leave scores as they are. Cost: some ten passes.
  public static func fit(scores: [Float], labels: [Float], weights: [Float]? = nil) -> Calibration {
    precondition(
      scores.count == labels.count && weights?.count ?? scores.count == scores.count,
      "\(scores.count) scores, \(labels.count) labels")
    let cells = labels.indices.compactMap { index in
      labels[index].isNaN
        ? nil
        : (score: Double(scores[index]), label: Double(labels[index]), weight: Double(weights?[index] ?? 1))
    }
    let sum = cells.reduce(0) { $0 + $1.weight }
    let count = sum > 0 ? sum : 1
    let mean = cells.reduce(0) { $0 + $1.weight * $1.score } / count
    let variance =
      cells.reduce(0) { $0 + $1.weight * ($1.score - mean) * ($1.score - mean) } / count
    guard variance > 0, variance.isFinite else { return .logOdds }
    // Standardized scores, so that one prior suits any scale.
    let spread = variance.squareRoot()
    var (slope, intercept) = (1.0, 0.0)
    for _ in 0..<50 {
      var (bySlope, byIntercept) = (0.0, 0.0)
      var (slopeSlope, slopeIntercept, interceptIntercept) = (0.0, 0.0, 0.0)
      for cell in cells {
        let x = (cell.score - mean) / spread
        let probability = 1 / (1 + exp(-(slope * x + intercept)))
        let residual = cell.weight * (cell.label - probability)
        let weight = cell.weight * probability * (1 - probability)
        bySlope += residual * x
        byIntercept += residual
        slopeSlope += weight * x * x
        slopeIntercept += weight * x
        interceptIntercept += weight
      }
      bySlope -= priorWeight * (slope - 1)
      byIntercept -= priorWeight * intercept
      slopeSlope += priorWeight
      interceptIntercept += priorWeight
      let determinant = slopeSlope * interceptIntercept - slopeIntercept * slopeIntercept
      let slopeStep = (interceptIntercept * bySlope - slopeIntercept * byIntercept) / determinant
      let interceptStep = (slopeSlope * byIntercept - slopeIntercept * bySlope) / determinant
      guard slopeStep.isFinite, interceptStep.isFinite else { break }
      // Far from the optimum a full step of Newton's overshoots.
      let share = min(1, 2 / max(abs(slopeStep), abs(interceptStep), 1e-12))
      slope = max(slope + share * slopeStep, smallestSlope)
      intercept += share * interceptStep
      if abs(slopeStep) + abs(interceptStep) < 1e-7 { break }
    }
    return Calibration(slope: Float(slope / spread), intercept: Float(intercept - slope * mean / spread))
  }

  /// The prior counts as much as this many cells of curvature 1.
  private static let priorWeight = 1e-2
  private static let smallestSlope = 1e-3
}
