import Metrics

/// Results as comma-separated values: a header, then one row for each cell and router.
///
/// Numbers are written with as many digits as it takes to read the same `Double` back; an undefined
/// metric is an empty field. Metrics without an interval stand behind the others. `p` is the p-value of the difference in μ to the train-chosen best LLM,
/// `p_holm` the same adjusted over the cells of the table, and `null_vb` belongs to the cell. Where costs are known `aiq`, `aiq_gain` and `cost_saved` are those of `CostCurve`. `too_few_queries` is `true` for a cell that is not to be believed, see `CellResult.enoughQueries`. Fields with a comma, quote or line break are quoted (RFC 4180).
public enum ResultTable {
  /// A value of a row that has an interval.
  private typealias Column = (name: String, estimate: (RouterResult, CellResult) -> Estimate?)

  private static func columns(_ metrics: [Metric], hasCosts: Bool) -> [Column] {
    func own(_ families: [Metric.Family]) -> [Column] {
      families.flatMap { metrics.of($0) }.filter(\.hasInterval).map { metric in
        (metric.key, { router, _ in router[metric] })
      }
    }
    return own([.quality, .spread])
      + [
        ("mu_difference", { router, _ in router.differenceToBestSingle?.mu }),
        ("vb_difference", { router, _ in router.differenceToBestSingle?.bestSingleModelValue }),
      ] + own([.loss, .predictions]) + [("null_vb", { _, cell in cell.nullBestSingleModelValue })]
      + (hasCosts ? costs : [])
  }

  private static var costs: [Column] {
    [
      ("aiq", { router, _ in router.costCurve?.averageQuality }),
      ("aiq_gain", { router, _ in router.costCurve?.gain }),
      ("cost_saved", { router, _ in router.costCurve?.saving }),
    ]
  }

  /// The table of some cells; every line ends with a line feed.
  public static func csv(_ cells: [CellResult], metrics: [Metric] = MetricCatalog.all) -> String {
    let columns = columns(metrics, hasCosts: cells.contains { $0.singleCosts != nil })
    let plain = metrics.filter { !$0.hasInterval }
    let names =
      [
        "benchmark", "m", "group", "pools", "router", "policy", "ties", "queries", "left_out_queries",
        "split",
      ]
      + columns.flatMap { [$0.name, "\($0.name)_low", "\($0.name)_high"] } + plain.map(\.key) + [
        "p", "p_holm", "missing", "too_few_queries",
      ]
    var lines = [names.joined(separator: ",")]
    let holm = HolmAdjustment(cells)
    for (index, cell) in cells.enumerated() {
      for router in cell.routers {
        var fields = [
          cell.benchmark, "\(cell.size)", cell.group.rawValue, cell.pools.rawValue,
          router.name,
          router.policy, router.tieRule?.rawValue ?? "", "\(cell.queryCount)",
          "\(cell.leftOutCount)", cell.measured.rawValue,
        ]
        let numbers = columns.flatMap { column in
          let estimate = column.estimate(router, cell)
          return [estimate?.value, estimate?.low, estimate?.high]
        }
        let single =
          plain.map { router[$0]?.value } + [router.pValue, holm.pValue(cell: index, router: router.name)]
        fields += (numbers + single).map { number in number.map { "\($0)" } ?? "" }
        fields += [cell.missing.rawValue, "\(cell.hasTooFewQueries)"]
        lines.append(fields.map(quoted).joined(separator: ","))
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  static func quoted(_ field: String) -> String {
    let needsQuotes = field.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
    guard needsQuotes else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
