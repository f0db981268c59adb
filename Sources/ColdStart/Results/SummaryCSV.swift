import FileFormats

/// The summaries of a run as comma-separated values.
///
/// A line for each benchmark, choice of anchors, estimator and number of answers. Errors, bias and width are shares, as
/// accuracies are. The answers needed belong to a curve and stand on each of its lines, empty where more are needed than
/// were tried.
enum SummaryCSV {
  static func text(_ result: PlacementResult) -> String {
    let points = AnswersNeeded.targets.map { "answers_for_mae_\(Int((100 * $0).rounded()))" }
    var text = CSVRow.text(
      [
        "benchmark", "anchors", "estimator", "answers", "llms", "mae", "mae_se", "bias", "coverage", "width",
      ] + points)
    var needed: [[String]: [String]] = [:]
    for one in result.answersNeeded {
      needed[[one.benchmark, one.anchors, one.estimator.rawValue], default: []].append(
        one.answers.map { "\($0)" } ?? "")
    }
    for summary in result.summaries {
      let key = [summary.benchmark, summary.anchors, summary.estimator.rawValue]
      text += CSVRow.text(
        key + [
          "\(summary.answers)", "\(summary.llms)", "\(summary.error)", "\(summary.standardError)",
          "\(summary.bias)", "\(summary.coverage)", "\(summary.width)",
        ] + (needed[key] ?? []))
    }
    return text
  }
}
