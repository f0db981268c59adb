import Foundation

/// How files and people write a grade.
package enum Grade {
  /// A number in [0, 1], a percentage such as 85%, or true or false in any case, perhaps with spaces around; nil for
  /// anything else.
  package static func value(of field: String) -> Float? {
    guard let value = Float(field) ?? wordy(field.trimmingCharacters(in: .whitespaces)), value >= 0,
      value <= 1
    else { return nil }
    return value
  }

  private static func wordy(_ text: String) -> Float? {
    if text.hasSuffix("%") { return Double(text.dropLast()).map { Float($0 / 100) } }
    switch text.lowercased() {
    case "true": return 1
    case "false": return 0
    default: return Float(text)
    }
  }
}
