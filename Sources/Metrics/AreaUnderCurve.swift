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
