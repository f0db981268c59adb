import CommandLineKit
import Evaluation
import FileFormats
import Metrics

/// A cell's results as a table for people.
enum CellText {
  /// A line about the pool and a row for each router.
  static func table(_ cell: CellResult) -> String {
    let metrics = ([.quality, .spread] as [Metric.Family]).flatMap { MetricCatalog.all.of($0) }
    var table = TextTable([.left("router")] + metrics.map { .right($0.symbol) })
    for router in cell.routers {
      table.append(
        [router.name]
          // Means of responses differ in the fourth decimal on large benchmarks.
          + metrics.map { text(router[$0], $0.key == Metric.mu.key ? 4 : $0.decimals) })
    }
    let best = NumberFormatting.fixed(cell.testBest.mean, 4)
    let null = cell.nullBestSingleModelValue.map { ", null V_B \(text($0, 3))" } ?? ""
    let kept =
      cell.leftOutCount > 0
      ? "\(NumberFormatting.count(cell.queryCount)) of \(NumberFormatting.count(cell.partCount))"
      : NumberFormatting.count(cell.queryCount)
    let leftOut =
      cell.leftOutCount > 0
      ? ", \(NumberFormatting.count(cell.leftOutCount)) left out for missing responses" : ""
    let among = cell.missing == .available ? ", each among the candidates that answered it" : ""
    let mark = cell.hasTooFewQueries ? "TOO FEW QUERIES: " : ""
    // The table has no columns for what the predictions are worth.
    let notes = cell.notes.filter { !$0.hasPrefix("log-loss") && !$0.hasPrefix("AUC") }
    return """
      \(mark)\(cell.benchmark), m = \(cell.size), \(cell.group.rawValue) (\(cell.pools.rawValue) pool): \
      \(kept) \(cell.measured.rawValue) queries\(leftOut)\(among); best single \(FileError.excerpt(cell.testBest.llm, limit: 1024)) \(best)\(null)
      \(table.render())\(notes.map { $0 + "\n" }.joined())\(CostText.table(cell))

      """
  }

  /// A value and its 95% interval.
  static func text(_ estimate: Estimate?, _ decimals: Int) -> String {
    guard let estimate else { return NumberFormatting.missing }
    let value = NumberFormatting.fixed(estimate.value, decimals)
    guard let low = estimate.low, let high = estimate.high else { return value }
    return
      "\(value) [\(NumberFormatting.fixed(low, decimals)), \(NumberFormatting.fixed(high, decimals))]"
  }
}
