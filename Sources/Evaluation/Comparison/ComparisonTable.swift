import Metrics

extension RouterComparison {
  /// The rows as comma-separated values; what a mean has none of is an empty field.
  public var csv: String {
    let names = [
      "extent", "benchmark", "m", "group", "cells", "queries", "first", "second", "mu_difference",
      "mu_difference_low", "mu_difference_high", "p", "p_holm",
    ]
    let lines = rows.map { row in
      let numbers = [
        row.difference.value, row.difference.low, row.difference.high, row.pValue, row.adjustedPValue,
      ].map { number in number.map { "\($0)" } ?? "" }
      return [
        row.extent.rawValue, row.benchmark ?? "", row.size.map { "\($0)" } ?? "", row.group?.rawValue ?? "",
        "\(row.cells)", "\(row.queries)", row.first, row.second,
      ] + numbers
    }
    return ([names] + lines).map { $0.map(ResultTable.quoted).joined(separator: ",") + "\n" }.joined()
  }
}
