import Foundation
import NumericKernels

/// The area under the ROC curve: the probability that a right answer has a higher prediction than a wrong one.
///
/// Ties count half. A graded response y counts as y right and 1 − y wrong answers (Hanley and McNeil 1982).
public enum AreaUnderCurve {
  /// The area over all cells, n × m with missing responses NaN; nil where all are right or all wrong.
  ///
  /// A cell of weight w counts as w cells. Predictions are in [0, 1]; those whose log-odds differ by less than 1/512 are ties, as in `LogOddsHistogram`,
  /// which validation uses too. Cost: a logarithm for each cell.
  public static func of(predicted: Matrix, responses: Matrix, weights: Matrix? = nil) -> Double? {
    var histogram = LogOddsHistogram()
    for row in 0..<responses.rows {
      for (column, (prediction, response)) in zip(predicted.row(row), responses.row(row)).enumerated()
      where !response.isNaN && !prediction.isNaN {
        let p = Double(prediction)
        histogram.add(
          Double(response), logOdds: Float(log(p) - log1p(-p)),
          weight: weights.map { Double($0[row, column]) } ?? 1)
      }
    }
    return histogram.areaUnderCurve
  }
}

extension Metric {
  /// The area under the ROC curve of the predicted responses; not defined where none are predicted, or all responses
  /// are right or all wrong.
  public static let auc = Metric(
    "auc", symbol: "AUC", family: .predictions,
    meaning: "The probability that a right answer has a higher predicted response than a wrong one, over all "
      + "queries and LLMs of the pool, ties counting half; 1 is best, 0.5 is chance. It has no interval here.",
    wholeValue: { routed, _ in routed.predictionErrors?.areaUnderCurve })
}
