import Metrics

/// Results as comma-separated values: a header, then one row for each cell and router.
///
/// Numbers are written with as many digits as it takes to read the same `Double` back; an undefined
/// metric is an empty field. `auc` has no interval. `p` is the p-value of the difference in μ to the train-chosen best LLM,
/// `p_holm` the same adjusted over the cells of the table, and `null_vb` belongs to the cell. Fields with a comma, quote or line break are quoted (RFC 4180).
public enum ResultTable {
  /// The names of the columns.
  public static let columns =
    ["benchmark", "m", "group", "pools", "router", "policy", "ties", "queries", "left_out_queries", "split"]
    + metrics.flatMap { [$0.name, "\($0.name)_low", "\($0.name)_high"] } + ["auc", "p", "p_holm"]

  private static let metrics: [(name: String, estimate: @Sendable (RouterResult, CellResult) -> Estimate?)] =
    [
      ("mu", { router, _ in router.mu }),
      ("vr", { router, _ in router.referenceValue }),
      ("vb", { router, _ in router.bestSingleModelValue }),
      ("vb_train", { router, _ in router.honestBestSingleModelValue }),
      ("ep", { router, _ in router.classificationBias }),
      ("pick_entropy", { router, _ in router.pickEntropy }),
      ("mu_difference", { router, _ in router.differenceToBestSingle?.mu }),
      ("vb_difference", { router, _ in router.differenceToBestSingle?.bestSingleModelValue }),
      ("regret", { router, _ in router.regret }),
      ("gap_closed", { router, _ in router.gapClosed }),
      ("log_loss", { router, _ in router.logLoss }),
      ("brier", { router, _ in router.brier }),
      ("ece", { router, _ in router.calibrationError }),
      ("null_vb", { _, cell in cell.nullBestSingleModelValue }),
    ]

  /// The table of some cells; every line ends with a line feed.
  public static func csv(_ cells: [CellResult]) -> String {
    var lines = [columns.joined(separator: ",")]
    let holm = HolmAdjustment(cells)
    for (index, cell) in cells.enumerated() {
      for router in cell.routers {
        var fields = [
          cell.benchmark, "\(cell.size)", cell.group.rawValue, cell.pools.rawValue,
          router.name,
          router.policy, router.tieRule?.rawValue ?? "", "\(cell.queryCount)",
          "\(cell.leftOutCount)", cell.measured.rawValue,
        ]
        let numbers = metrics.flatMap { metric in
          let estimate = metric.estimate(router, cell)
          return [estimate?.value, estimate?.low, estimate?.high]
        }
        let single = [router.auc, router.pValue, holm.pValue(cell: index, router: router.name)]
        fields += (numbers + single).map { number in number.map { "\($0)" } ?? "" }
        lines.append(fields.map(quoted).joined(separator: ","))
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
    guard needsQuotes else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
