extension Metric {
  /// The expected calibration error of the predicted responses, in [0, 1], see `PredictionErrors`; not defined where
  /// none are predicted.
  public static let calibrationError = Metric(
    "ece", symbol: "ECE", family: .predictions,
    meaning: "The expected calibration error of the predicted responses in ten bins; 0 is best.",
    columns: { routed, _ in routed.predictionErrors?.signed }, value: { $0.reduce(0) { $0 + abs($1) } }
  ).bounded { routed, _ in
    // At most the mean distance of predictions from responses.
    routed.predictionErrors.map { errors in
      BoundedMean(
        errors.squared.indices.map { query in errors.signed.reduce(0) { $0 + abs($1[query]) } }, in: 0...1,
        scope: .fewDeviations)
    }
  }
}
