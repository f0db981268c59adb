import FileFormats

/// A log as JSON Lines: an object a row, with the keys that `LogTable` has as columns.
///
/// `query` may be a text or a whole number; `candidates` is a list of names. What is null or left out was not recorded.
enum LogLines {
  private struct Line: Decodable {
    let query: QueryText
    let llm: String
    let response: Float?
    let propensity: Double?
    let candidates: [String]?
    let gradePropensity: Double?
    let audited: Bool?
    let policy: String?
    let time: Double?
    let cost: Double?

    enum CodingKeys: String, CodingKey {
      case query, llm, response, propensity, candidates, audited, policy, time, cost
      case gradePropensity = "grade_propensity"
    }
  }

  /// Gives each row to a closure.
  ///
  /// - Throws: `FileError`, with the line, for a value that can't be; and what the closure throws.
  static func forEachRow(
    path: String, _ body: (LogRow, _ line: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try JSONLines.forEach(Line.self, path: path) { (value, line) throws(FileError) in
      let parse = LogFields(path: path, line: line)
      var row = LogRow(query: value.query.text, llm: value.llm)
      if let response = value.response { row.response = try parse.response(response, "response") }
      if let propensity = value.propensity {
        row.propensity = try parse.propensity(propensity, "propensity")
      }
      if let propensity = value.gradePropensity {
        row.gradePropensity = try parse.propensity(propensity, "grade_propensity")
      }
      row.isAudited = value.audited ?? false
      if let candidates = value.candidates {
        if let name = candidates.first(where: { $0.utf8.contains(UInt8(ascii: "|")) }) {
          throw parse.error("candidate '\(FileError.excerpt(name))' holds a '|', which separates candidates")
        }
        row.candidates = candidates.joined(separator: "|")
      }
      row.policy = value.policy
      (row.time, row.cost) = (value.time, value.cost)
      try body(row, line)
    }
  }
}

/// A query's id as JSON has it: a text or a whole number.
struct QueryText: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      text = String(number)
    } else {
      text = try container.decode(String.self)
    }
  }
}
