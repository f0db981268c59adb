import FileFormats
import Foundation

/// How files write what an answer cost: a number from 0 on in any unit, nothing where it is not known.
enum AnswerCost {
  /// How a column of costs is read: NaN stands for one that is not known.
  ///
  /// Negative and infinite numbers may be read; see `isCost`.
  static let reading = NumberReading(word: value, refusal: refusal)

  /// Whether a number is a cost, or NaN for an unknown one.
  static func isCost(_ number: Float) -> Bool { number.isNaN || Cost.holds(Double(number)) }

  /// Why a text is no cost, as a clause.
  static func refusal(_ field: String) -> String {
    "cost '\(FileError.excerpt(field))' is not \(Cost.expectation), nor empty for an unknown one: "
      + "correct it, or rename the column if it means something else"
  }

  private static func value(_ field: String) -> Float? {
    let text = field.trimmingCharacters(in: .whitespaces)
    // A cost that was computed and is no number is a fault of whoever computed it, not one that nobody noted.
    if MissingAnswer.isMissing(text) { return text.lowercased() == "nan" ? nil : .nan }
    guard let exact = Double(text), Cost.holds(exact), let number = Float(text), isCost(number) else {
      return nil
    }
    return number
  }
}
