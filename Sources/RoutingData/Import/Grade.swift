import FileFormats
import Foundation

/// How files and people write a grade.
package enum Grade {
  /// A number in [0, 1], a percentage such as 85%, or true or false, yes or no in any case, perhaps with spaces around; nil
  /// for anything else.
  package static func value(of field: String) -> Float? {
    guard let value = number(of: field), value >= 0, value <= 1 else { return nil }
    return value
  }

  /// A grade of any size, where the best number is `scale`; percentages and words don't depend on it.
  static func number(of field: String, scale: Double = 1) -> Float? {
    let value = plain(field, scale) ?? wordy(field.trimmingCharacters(in: .whitespaces), scale)
    return value?.isNaN == true ? nil : value
  }

  /// A number in double precision, or a percentage; nil for anything else.
  static func double(of text: String) -> Double? {
    text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
  }

  /// How a column of grades is read: NaN stands for a missing one.
  ///
  /// Numbers outside the range are read; see `refusal` for what to say of them.
  static func reading(scale: Double) -> NumberReading {
    NumberReading(
      dividedBy: scale,
      word: { MissingAnswer.isMissing($0) ? .nan : number(of: $0, scale: scale) },
      refusal: { refusal($0, scale: scale) })
  }

  /// Why a text is no grade, as a clause.
  static func refusal(_ field: String, scale: Double) -> String {
    let shown = "score '\(FileError.excerpt(field))' is not a number in [0, \(text(scale))]"
    if scale == 1, let number = Float(field), number > 1, number <= 100 {
      return shown + ": if 100 is the best score, say --scale 100"
    }
    return shown + ", a percentage, True or False, nor empty or NA for a missing answer"
  }

  /// A scale as a user types it.
  static func text(_ scale: Double) -> String {
    scale == scale.rounded() && scale < 1e15 ? String(Int(scale)) : String(scale)
  }

  private static func plain(_ text: String, _ scale: Double) -> Float? {
    scale == 1 ? Float(text) : Double(text).map { Float($0 / scale) }
  }

  private static func wordy(_ text: String, _ scale: Double) -> Float? {
    if text.hasSuffix("%") { return Double(text.dropLast()).map { Float($0 / 100) } }
    switch text.lowercased() {
    case "true", "yes": return 1
    case "false", "no": return 0
    default: return plain(text, scale)
    }
  }
}
