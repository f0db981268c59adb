/// The metrics that every router is measured by.
public enum MetricCatalog {
  /// All of them, in the order of tables: a line each.
  public static let all: [Metric] = [
    .mu,
    .referenceValue,
    .bestSingleModelValue,
    .honestBestSingleModelValue,
    .classificationBias,
    .pickEntropy,
    .regret,
    .gapClosed,
    .logLoss,
    .auc,
    .brier,
    .calibrationError,
  ]
}

extension [Metric] {
  /// Those of one family.
  public func of(_ family: Metric.Family) -> [Metric] { filter { $0.family == family } }
}
