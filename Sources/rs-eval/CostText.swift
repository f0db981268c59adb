import CommandLineKit
import Evaluation
import FileFormats
import Metrics

/// What routers reach at each cost, as a table for people.
enum CostText {
  /// A line about the single LLMs and a row for each router; empty for a cell without costs.
  static func table(_ cell: CellResult) -> String {
    guard let single = cell.singleCosts else { return "" }
    var table = TextTable([
      .left("router"), .right("cost"), .right("AIQ"), .right("AIQ gain"), .right("cost saved"),
    ])
    table.append(["(single LLMs)", "", CellText.text(single.averageQuality, 4), "", ""])
    for router in cell.routers {
      guard let curve = router.costCurve else { continue }
      table.append([
        router.name, curve.points.first.map { number($0.cost) } ?? "",
        CellText.text(curve.averageQuality, 4), CellText.text(curve.gain, 4), CellText.text(curve.saving, 3),
      ])
    }
    return """
      costs from \(number(single.costs.min() ?? 0)) to \(number(single.costs.max() ?? 0)) a query; best single \
      \(FileError.excerpt(cell.testBest.llm, limit: 1024)) \(number(single.costs[single.best]))
      \(table.render())cost: of the picks at no price; AIQ: mean quality over the range of costs, gain: more than mixing single LLMs;
      cost saved: share of the best single LLM's at its μ, 0 where that is not reached

      """
  }

  /// A cost in four digits.
  private static func number(_ cost: Double) -> String { NumberFormatting.significant(cost, 4) }
}
