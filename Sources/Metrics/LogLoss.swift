import Foundation

/// The log-loss −y·log p − (1 − y)·log(1 − p) of a predicted response, in nats.
///
/// Predictions are believed from 0.001 to 0.999 only: a few neighbours that all failed predict 0, and one right
/// answer would make the loss infinite (Good 1952).
public enum LogLoss {
  /// The least and the greatest prediction that counts as it is.
  public static let believed = 0.001...0.999

  /// The loss of a prediction p in [0, 1] on a response y in [0, 1]; at most 6.91.
  public static func of(_ prediction: Double, _ response: Double) -> Double {
    let p = min(max(prediction, believed.lowerBound), believed.upperBound)
    return -response * log(p) - (1 - response) * log(1 - p)
  }
}
