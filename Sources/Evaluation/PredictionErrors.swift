import LinearAlgebra

/// How far the responses that a router predicts are from those the candidates gave, query by query.
///
/// Every (query, candidate) cell of the pool counts, picked or not. With n queries, m candidates,
/// predictions p and responses y:
///
///     Brier = Σ (p − y)² / (n·m)                              over all cells
///     ECE   = Σ over bins |Σ (p − y) over the bin's cells| / (n·m)
///
/// which is the usual Σ (cells of the bin / all cells) · |mean response − mean prediction|. The bins are
/// `binCount` equal widths of [0, 1]; p belongs to bin ⌊p · binCount⌋, worked out in `Float`, and 1 to the
/// last. For responses between 0 and 1 the Brier score is the mean squared error. Sources: Brier 1950;
/// Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017.
public struct PredictionErrors: Equatable, Sendable {
  /// The number of bins of the expected calibration error, 10.
  public static let binCount = 10

  /// Σ (p − y)² / m over the candidates, n numbers in [0, 1].
  public let squared: [Double]
  /// Σ (p − y) / m over the candidates whose prediction is in the bin, `binCount` × n numbers in [−1, 1].
  ///
  /// The calibration error of any multiset of the queries follows from the means of these.
  public let signed: [[Double]]

  /// The errors of predictions, n × m in [0, 1], on the responses of a pool; cost n · m.
  public init(predicted: Matrix, responses: Matrix) {
    precondition(
      predicted.rows == responses.rows && predicted.columns == responses.columns,
      "predictions are \(predicted.shapeText), responses \(responses.shapeText)")
    let candidates = Double(responses.columns)
    var squared = [Double](repeating: 0, count: responses.rows)
    var signed = [[Double]](repeating: squared, count: Self.binCount)
    for row in 0..<responses.rows {
      for (prediction, response) in zip(predicted.row(row), responses.row(row)) {
        let error = Double(prediction) - Double(response)
        squared[row] += error * error / candidates
        signed[Self.bin(of: prediction)][row] += error / candidates
      }
    }
    self.squared = squared
    self.signed = signed
  }

  /// The bin of a prediction in [0, 1].
  static func bin(of prediction: Float) -> Int {
    min(Int(prediction * Float(binCount)), binCount - 1)
  }

  /// The Brier score, in [0, 1]; 0 is best.
  public var brier: Double { max(0, ShiftedMean.of(squared)) }

  /// The expected calibration error, in [0, 1]; 0 is best.
  public var calibrationError: Double { signed.reduce(0) { $0 + abs(ShiftedMean.of($1)) } }
}
