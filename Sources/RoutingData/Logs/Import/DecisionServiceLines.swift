import FileFormats
import Foundation

/// A log as Vowpal Wabbit's decision service JSON Lines (`--dsjson`).
///
/// `_label_cost`, `_label_probability` and `_label_Action` (from 1) say what was picked and what came of it. The query is
/// `query` of the line or of the context `c`, else `EventId`; an LLM is the `_tag` of its entry in `c._multi`, or has its
/// number. Lines without a label are counted.
///
/// Source: the parser of VowpalWabbit/vowpal_wabbit and files made by reinforcement_learning.
struct DecisionServiceLines {
  private struct Line: Decodable {
    let cost: Double?
    let probability: Double?
    let action: Int?
    let index: Int?
    let event: String?
    let timestamp: String?
    let query: QueryText?
    let pdrop: Double?
    let c: Context?

    enum CodingKeys: String, CodingKey {
      case cost = "_label_cost"
      case probability = "_label_probability"
      case action = "_label_Action"
      case index = "_labelIndex"
      case event = "EventId"
      case timestamp = "Timestamp"
      case query, pdrop, c
    }
  }

  private struct Context: Decodable {
    let query: QueryText?
    let _multi: [Action]?
  }

  private struct Action: Decodable {
    let _tag: String?
  }

  let path: String
  let costs: CostMeaning
  /// Lines without a label.
  private(set) var unlabelled = 0
  /// Whether some lines say that others were dropped by chance.
  private(set) var wasThinned = false

  init(path: String, costs: CostMeaning) {
    self.path = path
    self.costs = costs
  }

  /// Gives each row to a closure; LLMs are named, or numbered from 1.
  ///
  /// - Throws: `FileError`, with the line, for a value that can't be; and what the closure throws.
  mutating func forEachRow(_ body: (LogRow, _ line: Int) throws(FileError) -> Void) throws(FileError) {
    var unlabelled = 0
    var wasThinned = false
    try JSONLines.forEach(Line.self, path: path) { (value, number) throws(FileError) in
      guard let cost = value.cost, let probability = value.probability,
        let action = value.action ?? value.index.map({ $0 &+ 1 })
      else {
        unlabelled += 1
        return
      }
      if value.pdrop ?? 0 > 0 { wasThinned = true }
      let parse = LogFields(path: path, line: number)
      var llm = String(action)
      if let entries = value.c?._multi {
        guard action >= 1, action <= entries.count else {
          throw parse.error("_label_Action \(action): the context has \(entries.count) actions")
        }
        llm = entries[action - 1]._tag ?? llm
      }
      var row = LogRow(
        query: (value.query ?? value.c?.query)?.text ?? value.event, llm: llm,
        response: try costs.response(cost, parse),
        propensity: try parse.propensity(probability, "_label_probability"))
      row.time = value.timestamp.flatMap(Self.seconds)
      try body(row, number)
    }
    self.unlabelled = unlabelled
    self.wasThinned = wasThinned
  }

  /// Seconds since 1970 of a time such as `2021-02-04T16:31:29.2460000Z`; nil for one that is written otherwise.
  private static func seconds(_ text: String) -> Double? {
    let parts = text.split(separator: ".", maxSplits: 1)
    guard let start = parts.first else { return nil }
    let whole = start.hasSuffix("Z") ? String(start) : start + "Z"
    guard let date = try? Date(whole, strategy: .iso8601) else { return nil }
    let fraction = parts.count > 1 ? Double("0.\(parts[1].prefix { $0.isNumber })") ?? 0 : 0
    return date.timeIntervalSince1970 + fraction
  }
}
