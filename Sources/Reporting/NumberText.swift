import Evaluation
import Foundation
import Metrics

/// Numbers as the tables of a report show them, the same in every locale.
enum NumberText {
  /// Stands for what is not defined.
  static let missing = "–"

  /// A number with so many decimals; `missing` for nil.
  static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return missing }
    let text = String(format: "%.\(decimals)f", value)
    // A small negative number would read -0.000.
    let isZero = text.allSatisfy { !$0.isNumber || $0 == "0" }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  /// A number in four digits, whatever its size; `missing` for nil.
  static func significant(_ value: Double?) -> String {
    guard let value, value.isFinite else { return missing }
    return String(format: "%.4g", value)
  }

  /// A cell of a number.
  static func cell(_ value: Double?, _ decimals: Int) -> ReportTable.Cell {
    ReportTable.Cell(fixed(value, decimals))
  }

  /// A cell of a measured value with its interval.
  static func cell(_ estimate: Estimate?, _ decimals: Int) -> ReportTable.Cell {
    guard let estimate else { return ReportTable.Cell(missing) }
    return ReportTable.Cell(
      fixed(estimate.value, decimals), low: estimate.low.map { fixed($0, decimals) },
      high: estimate.high.map { fixed($0, decimals) })
  }
}
