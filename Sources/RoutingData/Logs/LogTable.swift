import FileFormats

/// A log as a CSV or TSV file: `query,llm,response,propensity`, and perhaps `candidates,grade_propensity,audited,policy,time,cost`.
struct LogTable {
  /// What the columns are called that every log has.
  struct Names {
    var query: String
    var llm: String
    var response: String
    var propensity: String
    /// Whether rows without a column of queries are about the queries in their order.
    var queryIsOptional = false

    /// Our own names.
    static let own = Names(query: "query", llm: "llm", response: "response", propensity: "propensity")
    /// Those of Open Bandit Pipeline, which has no word for a query.
    static let openBandit = Names(
      query: "query", llm: "item_id", response: "click", propensity: "propensity_score", queryIsOptional: true
    )
    /// Those of banditml.
    static let banditML = Names(
      query: "context", llm: "action", response: "reward", propensity: "action_prob")
  }

  /// The columns with a meaning, as messages and notes list them.
  let columns: String
  /// The names of the columns without a meaning.
  let unused: [String]
  private let reader: CSVReader
  private let names: Names
  private let query: Int?
  private let llm: Int
  private let response: Int
  private let optional: Optional

  /// The columns that need not be there.
  private struct Optional {
    var propensity: Int?
    var candidates: Int?
    var gradePropensity: Int?
    var audited: Int?
    var policy: Int?
    var time: Int?
    var cost: Int?
  }

  /// Finds the columns of a table; our own `response` may be called `score`, as in answers.
  ///
  /// - Throws: `FileError` for a column that is missing or there twice.
  init(_ reader: CSVReader, names: Names = .own) throws(FileError) {
    var names = names
    if !reader.header.containsName(names.response), reader.header.containsName("score") {
      names.response = "score"
    }
    self.reader = reader
    self.names = names
    let hasQuery = !names.queryIsOptional || reader.header.containsName(names.query)
    query = hasQuery ? try reader.column(names.query) : nil
    llm = try reader.column(names.llm)
    response = try reader.column(names.response)
    var found = Optional()
    var used = [query, llm, response].compactMap(\.self)
    let columns = Self.optionalColumns(names)
    for (path, name) in columns where reader.header.containsName(name) {
      let column = try reader.column(name)
      found[keyPath: path] = column
      used.append(column)
    }
    optional = found
    self.columns = ([names.query, names.llm, names.response] + columns.map(\.1)).joined(separator: ", ")
    unused = reader.header.indices.filter { !used.contains($0) }.map { reader.header[$0] }
  }

  private static func optionalColumns(_ names: Names) -> [(WritableKeyPath<Optional, Int?>, String)] {
    [
      (\.propensity, names.propensity), (\.candidates, "candidates"),
      (\.gradePropensity, "grade_propensity"), (\.audited, "audited"), (\.policy, "policy"), (\.time, "time"),
      (\.cost, "cost"),
    ]
  }

  /// Gives each row, and the line it stands on, to a closure.
  ///
  /// - Throws: `FileError`, with the line, for a field that can't be; and what the closure throws.
  func forEachRow(_ body: (LogRow, _ line: Int) throws(FileError) -> Void) throws(FileError) {
    let optional = optional
    try reader.forEachRow { (fields, line) throws(FileError) in
      let parse = LogFields(path: reader.path, line: line)
      var row = LogRow(
        query: query.map { fields[$0] }, llm: fields[llm],
        response: try parse.response(fields[response], names.response))
      if let column = optional.propensity {
        row.propensity = try parse.propensity(fields[column], names.propensity)
      }
      if let column = optional.gradePropensity {
        row.gradePropensity = try parse.propensity(fields[column], "grade_propensity")
      }
      if let column = optional.audited { row.isAudited = try parse.flag(fields[column], "audited") }
      if let column = optional.candidates, !fields[column].isEmpty { row.candidates = fields[column] }
      if let column = optional.policy, !fields[column].isEmpty { row.policy = fields[column] }
      if let column = optional.time { row.time = try parse.number(fields[column], "time") }
      if let column = optional.cost { row.cost = try parse.number(fields[column], "cost") }
      try body(row, line)
    }
  }
}
