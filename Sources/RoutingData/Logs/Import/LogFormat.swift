import FileFormats
import Foundation

/// The formats of logs that can be imported.
public enum LogFormat: String, CaseIterable, Sendable {
  /// Our own columns `query,llm,response,propensity` and their companions, as CSV or TSV.
  case csv
  /// The same as JSON Lines.
  case jsonl
  /// Vowpal Wabbit's text: `action:cost:probability | features`, or several lines a query (ADF).
  case vw
  /// Vowpal Wabbit's decision service JSON Lines.
  case dsjson
  /// Open Bandit Pipeline's columns `item_id,click,propensity_score`.
  case obp
  /// The columns `context,action,action_prob,reward` of banditml.
  case banditml

  /// The format of a file, by its first line.
  ///
  /// - Throws: `FileError` for a file that is like none of them.
  init(recognising path: String) throws(FileError) {
    guard let first = try TextLines.first(of: path) else {
      throw FileError(path, "is empty: a log needs one routed query at least")
    }
    if first.hasPrefix("{") {
      self = first.contains("\"_label_cost\"") || first.contains("\"_labelIndex\"") ? .dsjson : .jsonl
      return
    }
    let words = Set(
      first.split { ",\t;".contains($0) }.map { $0.trimmingCharacters(in: .init(charactersIn: " \"")) })
    if words.isSuperset(of: ["query", "llm"]) {
      self = .csv
    } else if words.isSuperset(of: ["item_id", "click"]) {
      self = .obp
    } else if words.isSuperset(of: ["context", "action", "reward"]) {
      self = .banditml
    } else if first.contains("|") {
      self = .vw
    } else {
      throw FileError(path, "is like no log that is known: say which one it is with --format (\(Self.list))")
    }
  }

  /// The names, for messages.
  static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
