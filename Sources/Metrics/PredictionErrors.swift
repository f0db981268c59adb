import NumericKernels

/// How far the responses that a router predicts are from those the candidates gave, query by query.
///
/// Every (query, candidate) cell of the pool counts, picked or not. With n queries, m candidates,
/// predictions p and responses y:
///
///     Brier = Σ (p − y)² / (n·m)                              over all cells
///     ECE   = Σ over bins |Σ (p − y) over the bin's cells| / (n·m)
///     log-loss = −Σ (y·log p' + (1 − y)·log(1 − p')) / (n·m)  over all cells, p' = p within [0.001, 0.999]
///
/// which is the usual Σ (cells of the bin / all cells) · |mean response − mean prediction|. The bins are
/// `binCount` equal widths of [0, 1]; p belongs to bin ⌊p · binCount⌋, worked out in `Float`, and 1 to the
/// last. For responses between 0 and 1 the Brier score is the mean squared error. The log-loss clips p, because
/// a few neighbours that all failed predict 0, and one right answer would make it infinite. Sources: Brier
/// 1950; Good 1952; Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017; Hanley and McNeil 1982 (AUC).
public struct PredictionErrors: Equatable, Sendable {
  /// The number of bins of the expected calibration error, 10.
  public static let binCount = 10

  /// −Σ (y·log p + (1 − y)·log(1 − p)) / m over the candidates, in nats, n numbers of at least 0; p clipped to `LogLoss.believed`.
  public let logLosses: [Double]
  /// The probability that a right answer has a higher prediction than a wrong one, ties counting half: the
  /// area under the ROC curve of all n·m cells.
  ///
  /// A graded response y counts as y right and 1 − y wrong answers. nil where all are right or all wrong.
  public let areaUnderCurve: Double?
  /// Σ (p − y)² / m over the candidates, n numbers in [0, 1].
  public let squared: [Double]
  /// Σ (p − y) / m over the candidates whose prediction is in the bin, `binCount` × n numbers in [−1, 1].
  ///
  /// The calibration error of any multiset of the queries follows from the means of these.
  public let signed: [[Double]]

  /// The errors of predictions, n × m in [0, 1] or NaN for candidates that are not to be looked at, on the responses of a pool.
  ///
  /// With fewer candidates a query still counts as one: m is the number of its own. Cost n · m · log(n · m).
  public init(predicted: Matrix, responses: Matrix) {
    precondition(
      predicted.rows == responses.rows && predicted.columns == responses.columns,
      "predictions are \(predicted.shapeText), responses \(responses.shapeText)")
    var squared = [Double](repeating: 0, count: responses.rows)
    var logLosses = squared
    var signed = [[Double]](repeating: squared, count: Self.binCount)
    for row in 0..<responses.rows {
      let candidates = Double(predicted.row(row).count { !$0.isNaN })
      for (prediction, response) in zip(predicted.row(row), responses.row(row)) where !prediction.isNaN {
        let error = Double(prediction) - Double(response)
        logLosses[row] += LogLoss.of(Double(prediction), Double(response)) / candidates
        squared[row] += error * error / candidates
        signed[Self.bin(of: prediction)][row] += error / candidates
      }
    }
    areaUnderCurve = AreaUnderCurve.of(predicted: predicted, responses: responses)
    self.logLosses = logLosses
    self.squared = squared
    self.signed = signed
  }

  /// The bin of a prediction in [0, 1].
  static func bin(of prediction: Float) -> Int {
    min(Int(prediction * Float(binCount)), binCount - 1)
  }
}
