import FileFormats

/// The summaries of a run as comma-separated values; losses, gains, errors and lengths are shares, as responses are, and what
/// is not known is empty.
enum SummaryTables {
  /// A line for each kind of log and method.
  static func losses(_ result: DebiasingResult) -> String {
    var text = CSVRow.text(
      LogKind.columns + ["method", "logs", "loss", "loss_se", "gain", "gain_se", "recovered"])
    for one in result.losses {
      text += CSVRow.text(
        one.kind.fields + [one.method, "\(one.logs)", "\(one.loss)"]
          + [one.standardError, one.gain, one.gainError, one.recovered].map(field))
    }
    return text
  }

  /// A line for each kind of log and estimator, with what choosing by it loses.
  static func estimators(_ result: DebiasingResult) -> String {
    var text = CSVRow.text(
      LogKind.columns + [
        "estimator", "logs", "estimates", "bias", "bias_se", "rmse", "coverage", "coverage_se", "length",
        "ess",
        "regret", "regret_se", "regret_by_lot",
      ])
    for one in result.estimators {
      let selection = result.selections.first { $0.kind == one.kind && $0.estimator == one.estimator }
      text += CSVRow.text(
        one.kind.fields + [one.estimator, "\(one.logs)", "\(one.estimates)"]
          + [
            one.bias, one.biasError, one.rootMeanSquare, one.coverage, one.coverageError, one.length,
            one.effectiveSampleSize, selection?.regret, selection?.standardError, selection?.regretByLot,
          ].map(field))
    }
    return text
  }

  private static func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}
