extension Metric {
  /// The Brier score of the predicted responses, in [0, 1], see `PredictionErrors`; not defined where none are
  /// predicted.
  public static let brier = Metric(
    "brier", symbol: "Brier", family: .predictions,
    meaning: "The mean squared error of the predicted responses, for routers that predict them; 0 is best.",
    columns: { routed, _ in routed.predictionErrors.map { [$0.squared] } }, value: { max(0, $0[0]) }
  ).bounded { routed, _ in routed.predictionErrors.map { BoundedMean($0.squared, in: 0...1) } }
}
