import NumericKernels

/// The area under the ROC curve: the probability that a right answer has a higher prediction than a wrong one.
///
/// Ties count half. A graded response y counts as y right and 1 − y wrong answers (Hanley and McNeil 1982).
public enum AreaUnderCurve {
  /// The area over all cells, n × m with missing responses NaN; nil where all are right or all wrong.
  ///
  /// Cost: a sort of the cells.
  public static func of(predicted: Matrix, responses: Matrix) -> Double? {
    var cells: [(prediction: Float, response: Double)] = []
    cells.reserveCapacity(predicted.rows * predicted.columns)
    for row in 0..<responses.rows {
      for (prediction, response) in zip(predicted.row(row), responses.row(row)) where !response.isNaN {
        cells.append((prediction, Double(response)))
      }
    }
    cells.sort { $0.prediction < $1.prediction }
    // Up through the cells: each right answer beats the wrong ones below it.
    var (right, wrong, area) = (0.0, 0.0, 0.0)
    var next = 0
    while next < cells.count {
      let prediction = cells[next].prediction
      var (tiedRight, tiedWrong) = (0.0, 0.0)
      while next < cells.count, cells[next].prediction == prediction {
        tiedRight += cells[next].response
        tiedWrong += 1 - cells[next].response
        next += 1
      }
      area += tiedRight * (wrong + tiedWrong / 2)
      right += tiedRight
      wrong += tiedWrong
    }
    return right > 0 && wrong > 0 ? area / (right * wrong) : nil
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
