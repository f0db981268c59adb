import Foundation
import NumericKernels
import RoutingData

/// A hyper-parameter of a trainer: its option on the command line, its entry in the record and its search range.
///
/// Values are texts, as a user types them, so that one table serves all three.
public struct Setting<Owner>: Sendable {
  /// The name, such as `bias-l2`.
  public let name: String
  /// What stands for the value in help texts; nil for a flag, which takes none.
  public let placeholder: String?
  /// What it means, for help texts.
  public let help: String
  /// What a value must be, such as `a whole number from 1 to 4096`.
  public let expecting: String
  /// Where a random search draws it from; nil for a setting that is not searched.
  public let search: SearchRange?
  private let read: @Sendable (Owner) -> String
  private let write: @Sendable (inout Owner, String) -> Bool

  init(
    _ name: String, placeholder: String?, help: String, expecting: String, search: SearchRange?,
    read: @escaping @Sendable (Owner) -> String, write: @escaping @Sendable (inout Owner, String) -> Bool
  ) {
    self.name = name
    self.placeholder = placeholder
    self.help = help
    self.expecting = expecting
    self.search = search
    self.read = read
    self.write = write
  }

  /// The value that a trainer has, as text.
  public func text(of owner: Owner) -> String { read(owner) }

  /// Gives a trainer a value.
  ///
  /// - Throws: `DataError` naming the setting and what it needs.
  public func set(_ text: String, in owner: inout Owner) throws(DataError) {
    guard write(&owner, text) else { throw DataError("option '--\(name)' needs \(expecting), not '\(text)'") }
  }
}

extension Setting {
  /// A whole number in a range.
  public static func integer(
    _ name: String, _ path: WritableKeyPath<Owner, Int> & Sendable, placeholder: String = "N",
    in range: ClosedRange<Int>, help: String, search: SearchRange? = nil
  ) -> Setting {
    Setting(
      name, placeholder: placeholder, help: help, expecting: "a whole number" + bounds(range), search: search,
      read: { String($0[keyPath: path]) },
      write: { owner, text in
        guard let value = Int(text), range.contains(value) else { return false }
        owner[keyPath: path] = value
        return true
      })
  }

  /// A whole number in a range, or a word for none.
  public static func integer(
    _ name: String, _ path: WritableKeyPath<Owner, Int?> & Sendable, none word: String,
    placeholder: String = "N", in range: ClosedRange<Int>, help: String, search: SearchRange? = nil
  ) -> Setting {
    Setting(
      name, placeholder: placeholder, help: help,
      expecting: "a whole number" + bounds(range) + " or '\(word)'", search: search,
      read: { $0[keyPath: path].map(String.init) ?? word },
      write: { owner, text in
        let value = Int(text)
        guard text == word || value.map(range.contains) == true else { return false }
        owner[keyPath: path] = value
        return true
      })
  }

  /// A finite number; above the lower bound where that is 0, else from it on.
  public static func number(
    _ name: String, _ path: WritableKeyPath<Owner, Double> & Sendable, placeholder: String = "X",
    in range: NumberRange, help: String, search: SearchRange? = nil
  ) -> Setting {
    Setting(
      name, placeholder: placeholder, help: help, expecting: "a number" + range.text, search: search,
      read: { shortText($0[keyPath: path]) },
      write: { owner, text in
        guard let value = Double(text), range.contains(value) else { return false }
        owner[keyPath: path] = value
        return true
      })
  }

  /// A finite number in a range, or a word for none.
  public static func number(
    _ name: String, _ path: WritableKeyPath<Owner, Double?> & Sendable, none word: String,
    placeholder: String = "X", in range: NumberRange, help: String, search: SearchRange? = nil
  ) -> Setting {
    Setting(
      name, placeholder: placeholder, help: help, expecting: "a number\(range.text) or '\(word)'",
      search: search, read: { $0[keyPath: path].map { shortText($0) } ?? word },
      write: { owner, text in
        let value = Double(text)
        guard text == word || value.map(range.contains) == true else { return false }
        owner[keyPath: path] = value
        return true
      })
  }

  /// A number, or `auto`, which chooses on the validation queries.
  public static func choice(
    _ name: String, _ path: WritableKeyPath<Owner, Choice> & Sendable, placeholder: String = "X",
    in range: NumberRange = .positive, help: String, search: SearchRange? = nil
  ) -> Setting {
    Setting(
      name, placeholder: placeholder, help: help, expecting: "'auto' or a number" + range.text,
      search: search,
      read: { $0[keyPath: path].fixed.map { shortText($0) } ?? "auto" },
      write: { owner, text in
        if text == "auto" {
          owner[keyPath: path] = .auto
          return true
        }
        guard let value = Double(text), range.contains(value) else { return false }
        owner[keyPath: path] = .fixed(value)
        return true
      })
  }

  /// One word of an enumeration.
  public static func word<Word: CaseIterable & RawRepresentable & Sendable>(
    _ name: String, _ path: WritableKeyPath<Owner, Word> & Sendable, placeholder: String = "NAME",
    help: String, searched: Bool = false
  ) -> Setting where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    return Setting(
      name, placeholder: placeholder, help: "\(help); one of \(words.joined(separator: ", "))",
      expecting: "one of \(words.joined(separator: ", "))", search: searched ? .words(words) : nil,
      read: { $0[keyPath: path].rawValue },
      write: { owner, text in
        guard let word = Word(rawValue: text) else { return false }
        owner[keyPath: path] = word
        return true
      })
  }

  /// Something that is done where the option is given.
  public static func flag(
    _ name: String, _ path: WritableKeyPath<Owner, Bool> & Sendable, help: String, searched: Bool = false
  ) -> Setting {
    Setting(
      name, placeholder: nil, help: help, expecting: "'yes' or 'no'",
      search: searched ? .words(["no", "yes"]) : nil,
      read: { $0[keyPath: path] ? "yes" : "no" },
      write: { owner, text in
        guard ["yes", "no"].contains(text) else { return false }
        owner[keyPath: path] = text == "yes"
        return true
      })
  }

  /// Whole numbers separated by commas, or `none`.
  public static func widths(
    _ name: String, _ path: WritableKeyPath<Owner, [Int]> & Sendable, placeholder: String = "A,B",
    upTo count: Int, in range: ClosedRange<Int>, help: String, search: SearchRange? = nil
  ) -> Setting {
    Setting(
      name, placeholder: placeholder, help: help,
      expecting: "'none' or up to \(count) whole numbers\(bounds(range)), separated by commas",
      search: search,
      read: {
        $0[keyPath: path].isEmpty ? "none" : $0[keyPath: path].map(String.init).joined(separator: ",")
      },
      write: { owner, text in
        let parts = text == "none" ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { Int($0) }
        guard values.count == parts.count, values.count <= count, values.allSatisfy(range.contains) else {
          return false
        }
        owner[keyPath: path] = values
        return true
      })
  }

  private static func bounds(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? " of at least \(range.lowerBound)" : " from \(range.lowerBound) to \(range.upperBound)"
  }
}

/// The numbers that a setting may have.
public struct NumberRange: Equatable, Sendable {
  let lower: Double
  let upper: Double
  /// Whether the lower bound itself is allowed.
  let includesLower: Bool

  /// Numbers above 0.
  public static let positive = NumberRange(
    lower: 0, upper: Double(Float.greatestFiniteMagnitude), includesLower: false)

  /// Numbers of 0 or more.
  public static let nonnegative = NumberRange(
    lower: 0, upper: Double(Float.greatestFiniteMagnitude), includesLower: true)

  /// Numbers from a lower to an upper bound.
  public static func from(_ lower: Double, to upper: Double) -> NumberRange {
    NumberRange(lower: lower, upper: upper, includesLower: true)
  }

  /// Whether a value is in the range, and `Float`, which computes with it, holds it: as itself, not as 0 or infinity.
  func contains(_ value: Double) -> Bool {
    guard value.isFinite, value <= upper, includesLower ? value >= lower : value > lower else { return false }
    return value == 0 || Float(value).isNormal || (includesLower && lower == 0 && Float(value).isFinite)
  }

  var text: String {
    guard upper < Double(Float.greatestFiniteMagnitude) else {
      return includesLower
        ? " of at least \(shortText(lower))" : " above \(shortText(lower)) that single precision holds"
    }
    return " from \(shortText(lower)) to \(shortText(upper))"
  }
}

/// A hyper-parameter: given, or chosen on the validation queries.
public enum Choice: Equatable, Sendable {
  /// This value.
  case fixed(Double)
  /// The best of a documented grid on the validation part.
  case auto

  /// The given value; nil for one that is to be chosen.
  public var fixed: Double? {
    if case .fixed(let value) = self { return value }
    return nil
  }
}

/// A number as a user would type it: 1, not 1.0.
func shortText(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
