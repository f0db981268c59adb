import Foundation

/// Numbers as people read them, the same in every locale; what isn't a number is a dash.
public enum NumberFormatting {
  /// Stands for a missing number.
  public static let missing = "–"

  /// A number with so many decimals: `fixed(0.123456, 4)` is `0.1235`.
  public static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, !value.isNaN else { return missing }
    guard value.isFinite else { return value < 0 ? "-∞" : "∞" }
    let text = String(format: "%.\(decimals)f", value)
    // A small negative number would read -0.000.
    let isZero = text.allSatisfy { !$0.isNumber || $0 == "0" }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  /// A number in so many digits, whatever its size: `significant(0.00012345, 3)` is `0.000123`.
  public static func significant(_ value: Double?, _ digits: Int) -> String {
    guard let value, value.isFinite else { return fixed(value, digits) }
    return String(format: "%.\(digits)g", value)
  }

  /// A count with thousands separators: `11,954`.
  public static func count(_ value: Int?) -> String {
    guard let value else { return missing }
    var text = ""
    for (index, digit) in String(value.magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + String(text.reversed())
  }

  /// A size in decimal units: `1.2 GB`.
  public static func bytes(_ value: Int?) -> String {
    guard let value else { return missing }
    var size = Double(value)
    if abs(size) < 1000 { return "\(value) B" }
    var unit = "B"
    // From 999.95 on, one decimal would read 1000.0.
    for next in ["kB", "MB", "GB", "TB", "PB", "EB"] where abs(size) >= 999.95 {
      size /= 1000
      unit = next
    }
    return "\(fixed(size, 1)) \(unit)"
  }

  /// A time in seconds as minutes and seconds, `0:42`, with hours if there are any, `1:02:03`.
  public static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds >= 0, seconds < 1e12 else { return missing }
    let whole = Int(seconds.rounded())
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let tail = twoDigits(whole % 60)
    return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(tail)" : "\(minutes):\(tail)"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
