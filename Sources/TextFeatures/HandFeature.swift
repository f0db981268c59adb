import Foundation

/// A number that a person would look at to say how hard a prompt is; this table is its documentation too.
///
/// A count c is log(1 + c), so that a text of a megabyte is no other unit; a share lies in [0, 1]. An empty text has 0
/// everywhere.
public struct HandFeature: Sendable {
  /// The name, stored with a featurizer.
  public let name: String
  /// What it says, in a few words.
  public let meaning: String
  let value: @Sendable (TextTally) -> Double

  /// A logarithm of a count.
  private static func log(
    _ name: String, _ meaning: String, _ count: @escaping @Sendable (TextTally) -> Int
  ) -> HandFeature {
    HandFeature(name: name, meaning: "log(1 + \(meaning))") { log1p(Double(count($0))) }
  }

  /// A ratio of two counts, 0 where the second is 0.
  private static func ratio(
    _ name: String, _ meaning: String,
    _ counts: @escaping @Sendable (TextTally) -> (Int, of: Int)
  ) -> HandFeature {
    HandFeature(name: name, meaning: meaning) { tally in
      let (count, whole) = counts(tally)
      return whole > 0 ? Double(count) / Double(whole) : 0
    }
  }

  /// A logarithm of how many words are of a list.
  private static func words(_ name: String, _ list: WordList) -> HandFeature {
    log(name, "words such as \(list.words.prefix(3).joined(separator: ", "))") { $0.count(of: list) }
  }

  /// A logarithm of how often some ASCII characters occur.
  private static func marks(_ name: String, _ marks: String) -> HandFeature {
    log(name, "characters of '\(marks)'") { $0.count(of: marks) }
  }

  private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

  /// All of them, in the order of the columns.
  public static let all: [HandFeature] = [
    log("bytes", "bytes") { $0.bytes },
    log("words", "words") { $0.words },
    ratio("word-length", "characters a word") { ($0.wordCharacters, of: $0.words) },
    ratio("distinct-words", "share of the words that differ") { ($0.distinctWords, of: $0.words) },
    log("sentences", "ends of sentences") { $0.sentences },
    ratio("sentence-length", "words an end of a sentence") { ($0.words, of: max($0.sentences, 1)) },
    log("lines", "lines that are not blank") { $0.lines },
    log("blank-lines", "blank lines") { $0.blankLines },
    log("longest-line", "bytes of the longest line") { $0.longestLine },
    ratio("indented", "share of the lines that begin with a space") { ($0.indentedLines, of: $0.lines) },
    log("options", "lines such as 'A. …' or '(2) …'") { $0.optionLines },
    ratio("capitals", "share of capitals in the bytes") { ($0.count(of: letters), of: $0.bytes) },
    ratio("capital-words", "share of the words in capitals") { ($0.capitalWords, of: $0.words) },
    ratio("digits", "share of digits in the bytes") { ($0.count(of: "0123456789"), of: $0.bytes) },
    log("numbers", "numbers") { $0.numbers },
    log("decimals", "numbers with a decimal point") { $0.decimals },
    HandFeature(name: "magnitude", meaning: "mean of log₁₀(1 + x) over the numbers") {
      $0.numbers > 0 ? $0.magnitudes / Double($0.numbers) : 0
    },
    HandFeature(name: "largest-number", meaning: "log₁₀(1 + x) of the largest number, at most 15") {
      $0.largestMagnitude
    },
    ratio("operators", "share of + - * / = < > ^ in the bytes") { ($0.count(of: "+-*/=<>^"), of: $0.bytes) },
    marks("equations", "="),
    marks("percent", "%"),
    marks("dollars", "$"),
    log("latex", "commands such as \\frac") { $0.commands },
    marks("braces", "{}"),
    marks("brackets", "[]"),
    marks("parentheses", "()"),
    marks("backticks", "`"),
    marks("semicolons", ";"),
    marks("underscores", "_"),
    marks("quotes", "\""),
    marks("colons", ":"),
    ratio("commas", "commas a word") { ($0.count(of: ","), of: $0.words) },
    marks("question-marks", "?"),
    marks("exclamations", "!"),
    log("links", "addresses such as https://…") { $0.links },
    ratio("beyond-ascii", "share of the characters beyond ASCII") { ($0.beyondASCII, of: $0.characters) },
    ratio("broken", "share of the characters that are bytes of no UTF-8") { ($0.broken, of: $0.characters) },
    words("which", .which),
    words("manner", .manner),
    words("person", .person),
    words("amount", .amount),
    log("negations", "words such as not, no, never and endings n't") {
      $0.count(of: WordList.negation) + $0.contractions
    },
    words("task", .task),
    words("condition", .condition),
    words("comparison", .comparison),
    words("code", .code),
    words("logic", .logic),
  ]

  /// All features of a text.
  static func values(of bytes: [UInt8], _ text: PromptText) -> [Double] {
    let tally = TextTally(bytes, text)
    return all.map { $0.value(tally) }
  }
}
