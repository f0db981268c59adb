import CommandLineKit
import Evaluation
import Metrics

/// A comparison of routers as tables for people.
enum ComparisonText {
  /// The means, each extent with its own table, and the cells where they are asked for or all there is.
  static func text(_ comparison: RouterComparison, cells: Bool) -> String {
    let extents = RouterComparison.Extent.allCases.filter { !comparison.rows($0).isEmpty }
    let shown = cells || extents == [.cell] ? extents : extents.filter { $0 != .cell }
    return shown.map { table($0, comparison.rows($0)) }.joined(separator: "\n") + "\n" + reading(comparison)
  }

  private static func title(_ extent: RouterComparison.Extent) -> String {
    switch extent {
    case .cell: "By pool:"
    case .groups: "Means over the groups of a benchmark and size:"
    case .benchmark: "Means over the pools of a benchmark:"
    case .size: "Means over benchmarks and groups:"
    case .all: "Mean over all pools:"
    }
  }

  private static func table(_ extent: RouterComparison.Extent, _ rows: [RouterComparison.Row]) -> String {
    var table = TextTable([
      .left("benchmark"), .right("m"), .left("group"), .left("difference"), .right("pools"),
      .right("queries"),
      .right("Δμ"), .left("95%"), .right("p"), .right("p (Holm)"),
    ])
    for row in rows {
      table.append([
        row.benchmark ?? "all", row.size.map { "\($0)" } ?? "all", row.group?.rawValue ?? "all",
        "\(row.first) − \(row.second)", "\(row.cells)", NumberFormatting.count(row.queries),
        signed(row.difference.value),
        row.difference.low.flatMap { low in
          row.difference.high.map { "[\(signed(low)), \(signed($0))]" }
        } ?? NumberFormatting.missing,
        NumberFormatting.fixed(row.pValue, 4), NumberFormatting.fixed(row.adjustedPValue, 4),
      ])
    }
    return title(extent) + "\n" + table.render()
  }

  private static func signed(_ value: Double) -> String {
    (value > 0 ? "+" : "") + NumberFormatting.fixed(value, 4)
  }

  private static func reading(_ comparison: RouterComparison) -> String {
    "Δμ: first minus second on the same queries, which are resampled \(NumberFormatting.count(comparison.bootstrap.resamples)) times, "
      + "once for all pools of a\nbenchmark. p (Holm): adjusted over the rows of a table.\n"
  }
}
