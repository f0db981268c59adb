/// Results as comma-separated values: a header, then one row for each cell and router.
///
/// Numbers are written with as many digits as it takes to read the same `Double` back; an undefined
/// metric is an empty field. Fields with a comma, quote or line break are quoted (RFC 4180).
public enum ResultTable {
  /// The names of the columns.
  public static let columns =
    ["benchmark", "m", "group", "pools", "router", "policy", "ties", "queries", "left_out_queries"]
    + metrics.flatMap { [$0.name, "\($0.name)_low", "\($0.name)_high"] }

  private static let metrics: [(name: String, estimate: @Sendable (RouterResult) -> Estimate?)] = [
    ("mu", { $0.mu }),
    ("vr", { $0.referenceValue }),
    ("vb", { $0.bestSingleModelValue }),
    ("vb_train", { $0.honestBestSingleModelValue }),
    ("ep", { $0.classificationBias }),
    ("pick_entropy", { $0.pickEntropy }),
    ("mu_difference", { $0.differenceToBestSingle?.mu }),
    ("vb_difference", { $0.differenceToBestSingle?.bestSingleModelValue }),
  ]

  /// The table of some cells; every line ends with a line feed.
  public static func csv(_ cells: [CellResult]) -> String {
    var lines = [columns.joined(separator: ",")]
    for cell in cells {
      for router in cell.routers {
        var fields = [
          cell.benchmark, "\(cell.size)", cell.group.rawValue, cell.pools.rawValue, router.name,
          router.policy.rawValue, router.tieRule?.rawValue ?? "", "\(cell.queryCount)",
          "\(cell.leftOutCount)",
        ]
        for metric in metrics {
          let estimate = metric.estimate(router)
          fields += [estimate?.value, estimate?.low, estimate?.high].map { number in
            number.map { "\($0)" } ?? ""
          }
        }
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
