import ColdStart
import CommandLineKit

/// How predictions of unseen queries are printed.
enum UnseenText {
  /// Prints log-loss and V_B by method and number of labels.
  static func print(_ summaries: [UnseenSummary]) throws {
    let sizes = Set(summaries.flatMap { $0.ratios.keys }).sorted()
    var table = TextTable(
      [.left("method"), .right("labels"), .right("folds"), .right("log-loss"), .right("±")]
        + sizes.flatMap { [.right("V_B m=\($0)"), .right("±")] })
    for summary in summaries {
      let means = [summary.logLoss] + sizes.compactMap { summary.ratios[$0] }
      table.append(
        [summary.method, "\(summary.labels)", "\(summary.folds)"]
          + means.flatMap {
            [NumberFormatting.fixed($0.value, 4), NumberFormatting.fixed($0.standardError, 4)]
          })
    }
    try StandardOutput.write(table.render())
  }
}
