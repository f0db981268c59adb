import Foundation

/// The log-loss −y·log p − (1 − y)·log(1 − p) of a predicted response, in nats.
///
/// Predictions are believed from 0.001 to 0.999 only: a few neighbours that all failed predict 0, and one right
/// answer would make the loss infinite (Good 1952).
public enum LogLoss {
  /// The least and the greatest prediction that counts as it is.
  public static let believed = 0.001...0.999

  /// The log-odds of the greatest of them, log 999; those of the least are their opposite.
  public static let believedLogOdds = Float(log(believed.upperBound / (1 - believed.upperBound)))

  /// The loss of a prediction p in [0, 1] on a response y in [0, 1]; at most 6.91.
  public static func of(_ prediction: Double, _ response: Double) -> Double {
    let p = min(max(prediction, believed.lowerBound), believed.upperBound)
    return -response * log(p) - (1 - response) * log(1 - p)
  }
}

extension Metric {
  /// The log-loss of the predicted responses, in nats, see `PredictionErrors`; not defined where none are predicted.
  public static let logLoss = Metric(
    "log_loss", symbol: "log-loss", family: .predictions,
    meaning:
      "The mean of −log of the probability that the predicted responses give to what was answered, in nats, "
      + "for routers that predict them; 0 is best. Predictions count as at least 0.001 and at most 0.999.",
    columns: { routed, _ in routed.predictionErrors.map { [$0.logLosses] } }, value: { max(0, $0[0]) }
  ).bounded { routed, _ in
    routed.predictionErrors.map { BoundedMean($0.logLosses, in: LogLoss.of(1, 1)...LogLoss.of(0, 1)) }
  }
}
